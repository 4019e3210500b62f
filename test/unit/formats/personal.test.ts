/** Headers that name a person are found, and those that programs write are left alone. Fixtures of real writers: fixtures/headers.py. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../analysis/random.js';
import { headerFields, headerLength, identifies, personalKind, personalText, personalValue } from '../../../formats/index.js';
import { writeNifti } from '../../../formats/nifti-write.js';

const OWN = ['TKY_0012'];
const files = JSON.parse(readFileSync(new URL('fixtures/headers.json', import.meta.url), 'utf8')) as Record<'named' | 'nobody', Record<string, string>>;
const bytesOf = (text: string): Uint8Array => {
  const bytes = Buffer.from(text, 'base64');
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
};
const found = (bytes: Uint8Array, own: readonly string[] = OWN): string[] =>
  headerFields(bytes).flatMap(({ field, name, value }) => { const what = name === null ? personalText(value, own) : personalValue(name, value, own); return what === null ? [] : [`${field}: ${what}`]; });

/** A NIfTI-1 header with text in a field. */
function nifti(at: number, text: string): Uint8Array {
  const bytes = Buffer.from(writeNifti({ shape: [2, 2, 2, 1], affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], values: [1, 2, 3, 4, 5, 6, 7, 8], type: 'i2' }));
  bytes.write(text, at, 'latin1');
  return bytes;
}
const DESCRIP = 148, AUX_FILE = 228, DB_NAME = 14, INTENT_NAME = 328;
const mif = (...lines: string[]): Uint8Array => Buffer.from(['mrtrix image', 'dim: 2,2,2', 'vox: 2,2,2', 'datatype: Float32LE', 'file: . 256', ...lines, 'END', '\0\0\0\0'].join('\n'));

describe('files of real writers', () => {
  it.each(Object.keys(files.named))('names a person: %s', (name) => {
    const told = found(bytesOf(files.named[name] as string));
    expect(told.length).toBeGreaterThan(0);
    expect(told.join('\n')).not.toMatch(/Doe|Jane|4711|1970/);
  });
  it.each(Object.keys(files.nobody))('names nobody: %s', (name) => expect(found(bytesOf(files.nobody[name] as string))).toEqual([]));
  it('tells every field of a MINC file, a DICOM extension and a comment', () => {
    for (const name of ['minc1', 'minc2 old', 'minc2 new']) {
      expect(found(bytesOf(files.named[name] as string))).toEqual(['attribute patient:full_name: a person\'s name', 'attribute patient:birthdate: a date of birth', 'attribute patient:identification: a patient\'s number or address']);
    }
    for (const name of ['nifti1 dicom explicit', 'nifti2 dicom implicit']) {
      expect(found(bytesOf(files.named[name] as string))).toEqual(expect.arrayContaining(['PatientName in a DICOM extension: a person\'s name', 'PatientID in a DICOM extension: a patient\'s number or address', 'PatientBirthDate in a DICOM extension: a date of birth']));
    }
    expect(found(bytesOf(files.named['nifti2 comment'] as string))).toEqual(['a comment extension: a person\'s name']);
  });
  it('needs of a NIfTI file what comes before the voxels', () => {
    const bytes = bytesOf(files.named['nifti1 dicom explicit'] as string);
    expect(headerLength(bytes.subarray(0, 352))).toBe(new DataView(bytes.buffer, bytes.byteOffset).getFloat32(108, true));
    expect(headerLength(mif())).toBe(mif().length);
  });
});

describe('text in a NIfTI header', () => {
  it.each([
    'FSL5.0', 'FSL4.1 beta', '6.0.5:9e026117', '5.0.11', 'TE=80;Time=141523.123', 'TE=2.98;Time=104532.955;phase=1', 'Time=0.000;mb=4', 'TE=98;sec=74512.1250', 'spm - 3D normalized', 'spm - realigned', 'SPM12: Realigned & Resliced',
    'spm - algebra', 'SPM - Segmentation: c1', 'FreeSurfer Jan 20 2017', 'FreeSurfer Sep 10 2013', 'FREESURFER', 'MRtrix version: 3.0.3', 'MRtrix version: 3.0_RC3-51-g52a2540d', 'ITK 5.3.0', 'ITK', '3D Slicer', 'nibabel',
    'Siemens MOSAIC', 'Philips Achieva', 'GE SIGNA HDxt', 'NiftiWriter 1.4', 'AFNI_22.0.17', '4.5mm^2', 's/mm^2', 'b=1000 s/mm^2', '10^-3 mm^2/s', '1e-3*mm^2/s', 'x^y', 'mm^3', 'ex vivo', 'MPRAGE ADNI', 't1_mprage_sag_p2_iso_1.0',
    'DTI Studio', 'ep2d_diff_mddw_64_p2', 'Resampled with BSpline', 'N4ITK bias corrected', 'tensor FA', 'FA map (dtifit)', 'Patient orientation: HFS', 'Patient position=HFS', 'patient coordinates', 'no patient name here',
    'PatientName=', 'PatientName: ', 'PatientName=anonymous', 'Patient Name: ANON^^^^', 'name=TKY_0012', 'PatientName=TKY_0012', 'PatientName=tky 0012', 'PatientID: TKY_0012;TE=3', 'PatientBirthDate=00000000', 'PatientBirthDate: 19000101', 'Birth date removed',
    'subject name: HC001', 'Subject_Name=sub-0042', 'DOB=xxxx', 'DICOM tag 0010', '(0010,0010)', 'patient name: removed by pydeface', 'Time=091500;acq=20190112', '20190112', 'scan date: 2019-01-12', 'study: BIRTH COHORT 1970', 'ALSPAC birth cohort',
    '@afni', 'C:\\data\\scan.nii', '/data/in/T1.nii', 'none', '', 'Phantom', 'name: T1w', 'ImageType=ORIGINAL\\PRIMARY', 'dcm2niix v1.0.20220720', 'Xjview', 'Created by dicomnifti 2.33', 'MR3D',
  ])('passes in descrip: %s', (text) => expect(found(nifti(DESCRIP, text))).toEqual([]));

  it.each(['?TR:2000.000 TE:30', '?TR:9.5 TE:4.6', 'untitled', 'SPM', ''])('passes in db_name: %s', (text) => expect(found(nifti(DB_NAME, text))).toEqual([]));
  it.each(['none', 'imaging.cal', 'T1.lut', 'Grayscale'])('passes in aux_file: %s', (text) => expect(found(nifti(AUX_FILE, text))).toEqual([]));
  it.each(['z-score', 'Estimate', 'NDim vector', 'ConnDense'])('passes in intent_name: %s', (text) => expect(found(nifti(INTENT_NAME, text))).toEqual([]));

  it.each([
    ['Doe^Jane', 'a name as DICOM writes it (FAMILY^GIVEN)'], ['DOE^JANE^^MS', 'a name as DICOM writes it (FAMILY^GIVEN)'], ["TE=80;O'Neil^Mary-Ann", 'a name as DICOM writes it (FAMILY^GIVEN)'], ['M\xfcller^J\xfcrgen', 'a name as DICOM writes it (FAMILY^GIVEN)'],
    ['Patient Name: Jane Doe', 'a person\'s name'], ['PatientName=Doe Jane;TE=3', 'a person\'s name'], ["Patient's Name = DOE, JANE", 'a person\'s name'], ['subject name: Jane', 'a person\'s name'], ['patient_name:jdoe', 'a person\'s name'],
    ['PatientBirthDate=19700512', 'a date of birth'], ['DOB: 12.05.1970', 'a date of birth'], ['Date of birth: 1970-05-12', 'a date of birth'], ['birthdate=May 12, 1970', 'a date of birth'], ['TE=3;dob=12/05/70', 'a date of birth'],
    ['PatientID=1234567', 'a patient\'s number or address'], ['(0010,0010) PN [Doe^Jane]', 'a person\'s name'], ['(0010,0030) DA [19700512]', 'a date of birth'],
  ])('tells a person in descrip: %s', (text, what) => expect(found(nifti(DESCRIP, text))).toEqual([`header field descrip: ${what}`]));
  it('tells a person in every other field', () => {
    expect([DB_NAME, AUX_FILE, INTENT_NAME].map((at) => found(nifti(at, 'Doe^Jane'))[0]?.split(':')[0])).toEqual(['header field db_name', 'header field aux_file', 'header field intent_name']);
  });
  it('reads the patient id of Analyze 7.5', () => {
    const analyze = Buffer.alloc(348);
    analyze.writeInt32LE(348, 0);
    expect(found(analyze)).toEqual([]);
    analyze.write('1234567', 283);
    expect(found(analyze)).toEqual(['header field patient_id: a patient\'s number or address']);
  });
});

describe('other formats', () => {
  it('JSON beside an image, as dcm2niix writes it without and with anonymizing', () => {
    const sidecar = { Modality: 'MR', Manufacturer: 'Siemens', InstitutionName: 'University Hospital', InstitutionAddress: 'Street 1, City', DeviceSerialNumber: '12345', StationName: 'MRC1', PatientPosition: 'HFS', ProtocolName: 'ep2d_diff', ImageType: ['ORIGINAL', 'PRIMARY'], EchoTime: 0.08, AcquisitionTime: '14:15:23', ConversionSoftware: 'dcm2niix', PatientSex: 'F', PatientAge: '034Y', PatientWeight: 61 };
    expect(found(Buffer.from(JSON.stringify(sidecar)))).toEqual([]);
    expect(found(Buffer.from(JSON.stringify({ ...sidecar, PatientName: 'Doe^Jane', PatientID: '4711', PatientBirthDate: '1970-05-12' }))).map((text) => text.split(' ')[0])).toEqual(expect.arrayContaining(['PatientName', 'PatientID', 'PatientBirthDate']));
    // The DICOM JSON model, BIDS of dcmstack, and NIfTI-MRS.
    expect(found(Buffer.from('{"00100010": {"vr": "PN", "Value": [{"Alphabetic": "Doe^Jane"}]}}'))).toHaveLength(1);
    expect(found(Buffer.from('\uFEFF {"global": {"const": {"PatientName": "Jane Doe"}}}'))).toEqual(['PatientName in the JSON file: a person\'s name']);
    expect(found(Buffer.from('{"PatientDoB": "19700512"}'))).toEqual(['PatientDoB in the JSON file: a date of birth']);
    // Cut or damaged: looked through as text.
    expect(found(Buffer.from('{"PatientName": "Jane Doe", "EchoTime"'))).toEqual(['the JSON file: a person\'s name']);
    expect(found(Buffer.from('{"PatientName": "TKY_0012", "EchoTime"'))).toEqual([]);
  });

  it('MRtrix names in comments what it read from DICOM', () => {
    expect(found(mif('comments: TKY_0012 (TKY_0012) [MR] ep2d_diff', 'comments: tensor FA (scaled) [0 1]', 'command_history: mrconvert in.nii.gz out.mif (version=3.0.3)', 'dw_scheme: 0,0,0,0', 'mrtrix_version: 3.0.3'))).toEqual([]);
    expect(found(mif('comments: unnamed () [MR] ep2d_diff', 'comments: anonymous (0000) [MR]'))).toEqual([]);
    expect(found(mif('comments: Doe Jane (4711) [MR] ep2d_diff'))).toEqual(['header field comments: a person\'s name', 'header field comments: a patient\'s number or address']);
    expect(found(mif('PatientBirthDate: 19700512'))).toEqual(['header field PatientBirthDate: a date of birth']);
    // What follows the header is data.
    expect(found(Buffer.concat([mif(), Buffer.from('PatientName: Doe^Jane\n')]))).toEqual([]);
  });

  it('DICOM files, AFNI and GIFTI', () => {
    const element = Buffer.concat([Buffer.from([0x10, 0, 0x10, 0]), Buffer.from('PN'), Buffer.from([8, 0]), Buffer.from('Doe^Jane')]);
    expect(found(Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element, Buffer.alloc(400)]))).toEqual(['PatientName in the DICOM header: a person\'s name']);
    expect(found(Buffer.from('0010 0010 8 [952 ] // PAT Patient Name//Doe^Jane'))).toHaveLength(1);
    expect(found(Buffer.from('<MetaData><MD><Name><![CDATA[PatientName]]></Name><Value><![CDATA[Jane Doe]]></Value></MD></MetaData>'))).toHaveLength(1);
    expect(found(Buffer.from('<AFNI_attributes><AFNI_atr atr_name="HISTORY_NOTE">"[me@lab.org: Mon] 3dcalc -a in.nii"</AFNI_atr></AFNI_attributes>'))).toEqual([]);
  });

  it('numbers and voxels name nobody', () => {
    expect(found(Buffer.from('0 1000 1000\n'.repeat(5000)))).toEqual([]);
    expect(found(Uint8Array.from({ length: 65_536 }, (_, i) => (i * 7919 + (i >> 3) * 104_729) & 255))).toEqual([]);
  });

  it('nor does what stands by chance in pictures and compressed data; what somebody wrote there does', () => {
    const random = createRandom('dense'), noise = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, () => Math.floor(256 * random.uniform())));
    const planted = Buffer.concat([noise(9000), Buffer.from('\0Ab^Cd\0'), noise(50_000)]), written = Buffer.from('\0<Patient Name="Doe, Jane" Other="">\0');
    expect([found(planted), found(Buffer.concat([planted.subarray(0, 20_000), written, noise(500)]))]).toEqual([[], ['the file: a person\'s name']]);
    const chunk = (type: string, data: Buffer): Buffer => { const length = Buffer.alloc(4); length.writeUInt32BE(data.length); return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]); };
    const png = (...chunks: Buffer[]): Buffer => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', Buffer.alloc(13)), ...chunks, chunk('IDAT', planted)]);
    expect([found(png()), found(png(chunk('tEXt', Buffer.from('Title\0Patient name: Doe, Jane'))))]).toEqual([[], ['the picture: a person\'s name']]);
    const jpeg = (comment: string): Buffer => { const length = Buffer.alloc(2); length.writeUInt16BE(comment.length + 2); return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xfe]), length, Buffer.from(comment), Buffer.from([0xff, 0xda, 0, 8]), planted]); };
    expect([found(jpeg('made by sulcus')), found(jpeg('PatientID: 4711'))]).toEqual([[], ['the picture: a patient\'s number or address']]);
  });
});

describe('the rule', () => {
  it('knows fields however they are spelled', () => {
    expect(['PatientName', 'patient_name', "Patient's Name", 'OtherPatientNames', 'PatientMotherBirthName', 'SubjectName'].map(personalKind)).toEqual(Array(6).fill('name'));
    expect(['PatientBirthDate', 'DOB', 'date-of-birth', 'PatientDoB', 'SubjectBirthDate'].map(personalKind)).toEqual(Array(5).fill('birth'));
    expect(['PatientID', 'OtherPatientIDs', 'PatientAddress', 'patient_id'].map(personalKind)).toEqual(Array(4).fill('id'));
    expect(['PatientPosition', 'PatientSex', 'PatientAge', 'PatientOrientation', 'ProtocolName', 'Name', 'InstitutionName', 'InstitutionAddress', 'SeriesDescription', 'participant_id', 'PatientBirthTime'].map(personalKind)).toEqual(Array(11).fill(null));
  });
  it('knows values that stand for nobody', () => {
    for (const value of ['', ' ', 'anonymous', 'ANON^ANON', 'Anonymized', 'XXXX', 'n/a', '----', 'HC001', 'S1', 'sub-0042', 'Patient 12', 'tky0012', 'unknown']) expect([value, identifies('name', value, OWN)]).toEqual([value, false]);
    for (const value of ['Jane', 'Na Li', 'SMITH12', 'Doe^Jane', 'JD', 'Smith 0042', '山田^太郎']) expect([value, identifies('name', value, OWN)]).toEqual([value, true]);
    for (const value of ['', '00000000', '0000-00-00', '19000101', '1900-01-01', 'unknown']) expect([value, identifies('birth', value, OWN)]).toEqual([value, false]);
    for (const value of ['19700512', '1970', '12.05.1970', '12 May 1970']) expect([value, identifies('birth', value, OWN)]).toEqual([value, true]);
    for (const [value, told] of [['TKY_0012', false], ['tky0012', false], ['', false], ['0', false], ['TKY_0013', true], ['1234567', true]] as const) expect([value, identifies('id', value, OWN)]).toEqual([value, told]);
  });
});

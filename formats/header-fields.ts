/**
 * Text in the headers of files that imaging programs take in and make, field by field: NIfTI-1 and -2 with extensions and Analyze 7.5; DICOM; MINC 1 (NetCDF)
 * and MINC 2 (HDF5); MRtrix (.mif, .mih); JSON. Of pictures (PNG, JPEG), what is
 * written beside them. Anything else is looked through as text. Voxels are not looked at.
 */
import { besidesPicture, isDense, readableRuns } from './header-dense.js';

export interface HeaderField {
  /** Name, and where it stands: `PatientName in a DICOM extension`. */
  field: string;
  /** Its name alone when the format itself says what it means; null: free text. */
  name: string | null;
  value: string;
}

/** More of a header than this is not looked at, bytes. */
export const MOST_HEADER = 8 * 2 ** 20;
/** Enough to see what a file is. */
export const FIRST_BYTES = 64 * 2 ** 10;
/** Of what is no known format. */
const MOST_TEXT = 64 * 2 ** 10;

type Kind = 'nifti' | 'dicom' | 'netcdf' | 'hdf5' | 'mrtrix' | 'json' | 'text';

function kindOf(bytes: Uint8Array): Kind {
  const head = latin(bytes, 0, 600);
  if (layoutOf(bytes) !== null) return 'nifti';
  if (head.slice(128, 132) === 'DICM') return 'dicom';
  if (/^CDF[\x01\x02\x05]/.test(head)) return 'netcdf';
  if (head.startsWith('\x89HDF\r\n')) return 'hdf5';
  if (/^mrtrix (image|tracks)/.test(head)) return 'mrtrix';
  return /^(\xef\xbb\xbf)?\s*\{/.test(head) ? 'json' : 'text';
}

/** How many bytes from the beginning are needed, given the first (decompressed) ones; never more than MOST_HEADER. */
export function headerLength(first: Uint8Array): number {
  switch (kindOf(first)) {
    case 'nifti': return Math.min(MOST_HEADER, Math.max(layoutOf(first)?.data ?? 0, 352));
    case 'mrtrix': return latin(first, 0, first.length).includes(MRTRIX_END) ? first.length : MOST_HEADER;
    case 'netcdf': case 'hdf5': case 'json': return MOST_HEADER;
    case 'dicom': case 'text': return FIRST_BYTES;
  }
}

/** How many of the last bytes are needed too: HDF5 puts what is changed later behind the data. */
export const endLength = (first: Uint8Array): number => (kindOf(first) === 'hdf5' ? MOST_HEADER / 2 : 0);

/** The fields of a header that hold text. `bytes`: the beginning of the file, decompressed, as long as headerLength says or the whole file; and the end, if any. */
export function headerFields(bytes: Uint8Array): HeaderField[] {
  switch (kindOf(bytes)) {
    case 'nifti': return niftiFields(bytes);
    case 'dicom': return dicomFields(bytes, 'in the DICOM header');
    case 'netcdf': return MINC.flatMap((name) => netcdfAttribute(bytes, name));
    case 'hdf5': return MINC.flatMap((name) => hdf5Attribute(bytes, name));
    case 'mrtrix': return mrtrixFields(bytes);
    case 'json': return jsonFields(text(bytes), 'in the JSON file') ?? [free('the JSON file', bytes)];
    case 'text': return otherFields(bytes);
  }
}

/** Of a picture, what is written beside it; of compressed data, what is too long to stand there by chance; anything else as text. */
function otherFields(bytes: Uint8Array): HeaderField[] {
  const first = bytes.subarray(0, MOST_TEXT), beside = besidesPicture(first);
  if (beside !== null) return [free('the picture', beside)];
  return [isDense(first) ? { field: 'the file', name: null, value: readableRuns(first) } : free('the file', first)];
}

// NIfTI-1, NIfTI-2, Analyze 7.5 ----------------------------------------------------------------------------------------------------------------------------

interface Layout {
  little: boolean;
  fields: readonly (readonly [name: string, at: number, length: number])[];
  /** Where extensions begin; null: there are none. */
  extensions: number | null;
  /** Where voxels begin. */
  data: number;
}

const ONE = [['db_name', 14, 18], ['descrip', 148, 80], ['aux_file', 228, 24]] as const, INTENT = ['intent_name', 328, 16] as const;
/** Analyze calls it so; NIfTI has its quaternions there. */
const ANALYZE = [...ONE, ['patient_id', 283, 10]] as const;
const TWO = [['descrip', 240, 80], ['aux_file', 320, 24], ['intent_name', 508, 16]] as const;

function layoutOf(bytes: Uint8Array): Layout | null {
  if (bytes.length < 348) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), little = [348, 540].includes(view.getInt32(0, true));
  const size = view.getInt32(0, little);
  if (size === 348) {
    const magic = latin(bytes, 344, 348), pair = magic.startsWith('ni1');
    if (!pair && !magic.startsWith('n+1')) return { little, fields: ANALYZE, extensions: null, data: 348 };
    return { little, fields: [...ONE, INTENT], extensions: extensionsAt(bytes, 348), data: pair ? bytes.length : Math.trunc(view.getFloat32(108, little)) };
  }
  if (size !== 540 || bytes.length < 540 || !/^n[i+]2/.test(latin(bytes, 4, 7))) return null;
  return { little, fields: TWO, extensions: extensionsAt(bytes, 540), data: latin(bytes, 4, 7) === 'ni2' ? bytes.length : Number(view.getBigInt64(168, little)) };
}

const extensionsAt = (bytes: Uint8Array, at: number): number | null => ((bytes[at] ?? 0) === 0 ? null : at + 4);

/** NIfTI's register of extension codes, as far as messages name them. */
const EXTENSIONS: Readonly<Record<number, string>> = { 2: 'a DICOM extension', 4: 'an AFNI extension', 6: 'a comment extension', 44: 'an MRS extension' };

function niftiFields(bytes: Uint8Array): HeaderField[] {
  const layout = layoutOf(bytes);
  if (layout === null) return [];
  const found: HeaderField[] = layout.fields.map(([field, at, length]) => ({ field: `header field ${field}`, name: field === 'patient_id' ? field : null, value: text(cut(bytes.subarray(at, at + length))) }));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), end = Math.min(bytes.length, layout.data > 0 ? layout.data : bytes.length);
  for (let at = layout.extensions ?? end; at + 8 <= end;) {
    const size = view.getInt32(at, layout.little), code = view.getInt32(at + 4, layout.little), content = bytes.subarray(at + 8, Math.min(end, at + size));
    if (size < 8) break;
    const where = EXTENSIONS[code] ?? `an extension of code ${code}`;
    const own = code === 2 ? dicomFields(content, `in ${where}`) : /^\s*\{/.test(latin(content, 0, 64)) ? jsonFields(text(cut(content)), `in ${where}`) : null;
    // A listing of DICOM's fields as text also goes by the code of DICOM.
    found.push(...(own ?? []), ...(own === null || code === 2 ? [free(where, content)] : []));
    at += size;
  }
  return found;
}

// DICOM ----------------------------------------------------------------------------------------------------------------------------------------------------

const TAGS = [
  [0x0010, 'PatientName', 'PN'], [0x0020, 'PatientID', 'LO'], [0x0030, 'PatientBirthDate', 'DA'], [0x1000, 'OtherPatientIDs', 'LO'], [0x1001, 'OtherPatientNames', 'PN'],
  [0x1005, 'PatientBirthName', 'PN'], [0x1040, 'PatientAddress', 'LO'], [0x1060, 'PatientMotherBirthName', 'PN'], [0x2154, 'PatientTelephoneNumbers', 'SH'],
] as const;
const LONGEST_VALUE = 1024;

/** Elements of group 0010, explicit or implicit, of either byte order, wherever they stand: a part of a data set is enough. */
function dicomFields(bytes: Uint8Array, where: string): HeaderField[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), found: HeaderField[] = [];
  for (const [element, name, vr] of TAGS) {
    for (const little of [true, false]) {
      const tag = Buffer.alloc(4);
      if (little) { tag.writeUInt16LE(0x0010, 0); tag.writeUInt16LE(element, 2); } else { tag.writeUInt16BE(0x0010, 0); tag.writeUInt16BE(element, 2); }
      for (let at = buffer.indexOf(tag); at >= 0 && at + 8 <= buffer.length; at = buffer.indexOf(tag, at + 1)) {
        const explicit = buffer.toString('latin1', at + 4, at + 6) === vr;
        const length = explicit ? (little ? buffer.readUInt16LE(at + 6) : buffer.readUInt16BE(at + 6)) : little ? buffer.readUInt32LE(at + 4) : buffer.readUInt32BE(at + 4);
        const value = length > LONGEST_VALUE || at + 8 + length > buffer.length ? '' : text(cut(buffer.subarray(at + 8, at + 8 + length)));
        // In binary data any four bytes may look like a tag: a value is text.
        if (value.trim() !== '' && !/\p{Cc}/u.test(value)) found.push({ field: `${name} ${where}`, name, value });
      }
    }
  }
  return found;
}

// MINC -----------------------------------------------------------------------------------------------------------------------------------------------------

/** Attributes of MINC's variable `patient`, and what they are. */
const MINC = ['full_name', 'birthdate', 'identification'] as const;
const MINC_NAMES: Record<(typeof MINC)[number], string> = { full_name: 'patient full name', birthdate: 'patient birthdate', identification: 'patient identification' };

const mincField = (name: (typeof MINC)[number], value: string): HeaderField => ({ field: `attribute patient:${name}`, name: MINC_NAMES[name], value });

/** NetCDF classic: length of the name, the name filled up to four bytes, type 2 (text), length of the value, the value; all numbers big-endian. */
function netcdfAttribute(bytes: Uint8Array, name: (typeof MINC)[number]): HeaderField[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), length = Buffer.alloc(4), found: HeaderField[] = [];
  length.writeUInt32BE(name.length);
  const sought = Buffer.concat([length, Buffer.from(name), Buffer.alloc((4 - (name.length % 4)) % 4)]);
  for (let at = buffer.indexOf(sought); at >= 0; at = buffer.indexOf(sought, at + 1)) {
    const type = at + sought.length;
    if (type + 8 > buffer.length || buffer.readUInt32BE(type) !== 2) continue;
    found.push(mincField(name, text(cut(buffer.subarray(type + 8, type + 8 + Math.min(LONGEST_VALUE, buffer.readUInt32BE(type + 4)))))));
  }
  return found;
}

/**
 * HDF5's attribute message (File Format Specification 3.0, IV.A.2.m), versions 1 to 3, found by the attribute's name: version, sizes of name, datatype and
 * dataspace, then these, then the value. A text of fixed length stands in it; one of variable length (which MINC does not write) elsewhere: it counts as told.
 */
function hdf5Attribute(bytes: Uint8Array, name: (typeof MINC)[number]): HeaderField[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), sought = Buffer.from(`${name}\0`), found: HeaderField[] = [];
  for (let at = buffer.indexOf(sought); at >= 0; at = buffer.indexOf(sought, at + 1)) {
    for (const [version, header] of [[1, 8], [2, 8], [3, 9]] as const) {
      const start = at - header;
      if (start < 0 || buffer[start] !== version || buffer.readUInt16LE(start + 2) !== sought.length) continue;
      const padded = (n: number): number => (version === 1 ? 8 * Math.ceil(n / 8) : n);
      const type = at + padded(sought.length), value = type + padded(buffer.readUInt16LE(start + 4)) + padded(buffer.readUInt16LE(start + 6));
      if (type + 8 > buffer.length) continue;
      const kind = (buffer[type] ?? 0) & 0x0f, size = buffer.readUInt32LE(type + 4);
      if (kind === 3) found.push(mincField(name, text(cut(buffer.subarray(value, value + Math.min(LONGEST_VALUE, size))))));
      else if (kind === 9) found.push(mincField(name, 'of variable length'));
    }
  }
  return found;
}

// MRtrix, JSON, text ---------------------------------------------------------------------------------------------------------------------------------------

/** As MRtrix names what it reads from DICOM, in `comments`: the patient's name, the patient's id in brackets, the modality and the series. */
const FROM_DICOM = /^(?<name>.+?) \((?<id>[^()]*)\)(?: \[[A-Z]{2}\]|$)/;

const MRTRIX_END = '\nEND\n';

function mrtrixFields(bytes: Uint8Array): HeaderField[] {
  const end = latin(bytes, 0, bytes.length).indexOf(MRTRIX_END);
  return text(end < 0 ? bytes : bytes.subarray(0, end)).split('\n').slice(1).flatMap((line): HeaderField[] => {
    const [, key = '', value = ''] = /^([^:]*):\s*(.*)$/.exec(line) ?? [];
    const { name, id } = (key === 'comments' ? FROM_DICOM.exec(value)?.groups : undefined) ?? {};
    if (name === undefined) return key === '' ? [] : [{ field: `header field ${key}`, name: null, value }, { field: `header field ${key}`, name: key, value }];
    return [{ field: 'header field comments', name: 'PatientName', value: name }, { field: 'header field comments', name: 'PatientID', value: id ?? '' }];
  });
}

/** Every text and number by the nearest key above it; null: not JSON. */
function jsonFields(json: string, where: string): HeaderField[] | null {
  const found: HeaderField[] = [];
  const walk = (key: string, value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') found.push({ field: `${key} ${where}`, name: key, value: String(value) }, { field: `${key} ${where}`, name: null, value: String(value) });
    else if (Array.isArray(value)) for (const one of value) walk(key, one);
    else if (typeof value === 'object' && value !== null) for (const [own, one] of Object.entries(value)) walk(/^(alphabetic|value|description|\d+)$/i.test(own) ? key : own, one);
  };
  try {
    walk('', JSON.parse(json.replace(/^\uFEFF/, '')));
    return found;
  } catch {
    return null;
  }
}

/** Binary stretches hold any pair of characters: only runs of readable text count. */
const free = (field: string, bytes: Uint8Array): HeaderField => ({ field, name: null, value: text(bytes).split(/[^\P{C}\t\r\n]+/u).filter((run) => run.length >= 8).join('\n') });

const latin = (bytes: Uint8Array, from: number, to: number): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, Math.min(to, bytes.length));

/** Up to the first zero byte. */
function cut(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** UTF-8, else Latin-1. */
function text(bytes: Uint8Array): string {
  const utf8 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return utf8.includes('\uFFFD') ? latin(bytes, 0, bytes.length) : utf8;
}

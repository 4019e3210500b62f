/** Every reader of formats/ with good files it reads: what fuzzing cuts, flips and pads. */
import { gzipSync } from 'node:zlib';
import * as formats from '../../../formats/index.js';
import { readLinearTransform } from '../../../formats/linear-transform.js';
import { readXfm } from '../../../formats/xfm.js';
import { COORD, LCMODEL } from './malformed.js';
import { sample, sampleNames } from './samples.js';

export interface Reader {
  name: string;
  read: (bytes: Uint8Array) => unknown;
  good: Uint8Array[];
  /** Text readers also meet long runs of the same characters. */
  text: boolean;
}

const file = 'fuzz';
const text = (s: string): Buffer => Buffer.from(s, 'utf8');
const numbers = Array.from({ length: 12 }, (_, i) => `${(i - 4) * 1.37}e${i - 6}`).join('\r\n');
const vertexFiles = (): Uint8Array[] => [...sampleNames.map(sample), text(numbers), text(`"x"\n${'1\n'.repeat(12)}`), gzipSync(text(numbers))];
const named = (pattern: RegExp): Uint8Array[] => sampleNames.filter((n) => pattern.test(n)).map(sample);
const obj = formats.writeObj({ points: Float64Array.from([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1.25]), triangles: Int32Array.from([0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]) });
const people = [text('participant_id\tage\tsex\r\n01\t31.5\tM\r\n02\tn/a\t"F\ta"\r\n'), text('\ufeffparticipant_id,age\na,1\nb,2\n'), Buffer.from('\ufeffparticipant_id;age\na;1,5\n', 'utf16le')];
const xfm = text('MNI Transform File\n% made by hand\n\nTransform_Type = Linear;\nLinear_Transform =\n 1 0 0.5e-1 2\n 0 1 0 -3.25\n 0 0 1 4;\n');
const sidecar = text('{"age": {"Description": "age", "Units": "years"}, "sex": {"Levels": {"M": "male", "F": {"Description": "female"}}}, "x": "text"}');

export const READERS: Reader[] = [
  { name: 'vertex values', read: (b) => formats.readVertexValues(b, { file, vertices: 12 }), good: vertexFiles(), text: true },
  { name: 'vertex values, mesh unknown', read: (b) => formats.readVertexValues(b, { file, hemisphere: 'left', map: 0 }), good: vertexFiles(), text: true },
  { name: 'vertex labels', read: (b) => formats.readVertexLabels(b, { file, vertices: 12, hemisphere: 'right' }), good: vertexFiles(), text: true },
  { name: 'vertex text', read: (b) => formats.readVertexText(b, { file, vertices: 12, select: Int32Array.from([0, 5, 11]) }), good: [text(numbers)], text: true },
  { name: 'label text', read: (b) => formats.readLabelText(b, { file, vertices: 12 }), good: [text('1\n'.repeat(12))], text: true },
  { name: 'detection', read: (b) => formats.detectFormat(b), good: vertexFiles(), text: true },
  { name: 'GIFTI', read: (b) => formats.readGifti(b, { file }), good: named(/gii$/), text: true },
  { name: 'MNI .obj', read: (b) => formats.readObj(b, { file }), good: [obj], text: true },
  { name: 'FreeSurfer curv', read: (b) => formats.readCurv(b, { file }), good: named(/thickness|curv/), text: false },
  { name: 'FreeSurfer surface', read: (b) => formats.readFreesurferSurface(b, { file }), good: named(/white|quads/), text: false },
  { name: 'FreeSurfer annot', read: (b) => formats.readAnnot(b, { file }), good: named(/annot/), text: false },
  { name: 'FreeSurfer label', read: (b) => formats.readFreesurferLabel(b, { file }), good: named(/label$/), text: true },
  { name: 'mgh and mgz', read: (b) => formats.readMgh(b, { file }), good: named(/mg[hz]$/), text: false },
  { name: '.npy', read: (b) => formats.readNpy(b, { file }), good: named(/npy$/), text: true },
  { name: '.mat', read: (b) => formats.readMat(b, { file }), good: named(/mat$/), text: false },
  { name: 'LCModel .table', read: (b) => formats.readLcmodelTable(b, { file }), good: [text(LCMODEL)], text: true },
  { name: 'LCModel .coord', read: (b) => formats.readLcmodelCoord(b, { file }), good: [text(COORD)], text: true },
  { name: 'LCModel control', read: (b) => formats.readLcmodelControl(b), good: [text(LCMODEL)], text: true },
  { name: 'label table', read: (b) => formats.readLabelTable(b, { file }), good: [text('1 A.L\r\n101 A.R\n1002 ctx-lh-b 1 2 3 0\n')], text: true },
  { name: 'participants', read: (b) => formats.readParticipants(b, { file }), good: people, text: true },
  { name: 'TSV', read: (b) => formats.readTsv(b, { file }), good: people, text: true },
  { name: 'MINC .xfm', read: (b) => readXfm(b, { file }), good: [xfm], text: true },
  { name: 'linear transform', read: (b) => readLinearTransform(b, { file }), good: [xfm, text('1 0 0 2\n0 1 0 -3.25\n0 0 1 4e0\n0 0 0 1\n')], text: true },
  { name: 'participants.json', read: (b) => formats.readSidecar(b, { file }), good: [sidecar], text: true },
];

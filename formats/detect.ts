/** What a file is by its content. Names lie (`lh.thickness`, `lh.white` and `lh.aparc.annot` have no extension that says it); first bytes and lengths do not. */
import { isAnnot } from './freesurfer-annot.js';
import { isCurv, hex } from './freesurfer-curv.js';
import { isFreesurferLabel } from './freesurfer-label.js';
import { surfaceKind } from './freesurfer-surface.js';
import { excerpt } from './format-error.js';
import { Budget, peekGzip } from './inflate.js';
import { isMat } from './mat-read.js';
import { isMgh } from './mgh.js';

export type FileFormat =
  | 'empty' | 'pointer' | 'text' | 'numbers' | 'gifti' | 'mni-obj' | 'freesurfer-surface' | 'curv' | 'annot' | 'label' | 'mgh' | 'nifti' | 'npy' | 'mat'
  | 'lcmodel-table' | 'lcmodel-coord' | 'minc' | 'hdf5' | 'zip' | 'gzip' | 'xml' | 'vertstats' | 'binary';

/** How messages name a format. */
const FORMAT_NAMES: Readonly<Record<FileFormat, string>> = {
  empty: 'an empty file', pointer: 'a git-LFS or git-annex pointer', text: 'text', numbers: 'numbers, one a line', gifti: 'a GIFTI file', 'mni-obj': 'an MNI .obj surface',
  'freesurfer-surface': 'a FreeSurfer surface', curv: 'a FreeSurfer curv file', annot: 'a FreeSurfer annotation', label: 'a FreeSurfer label', mgh: 'an mgh or mgz file',
  nifti: 'a NIfTI volume', npy: 'a .npy array', mat: 'a MATLAB .mat file', 'lcmodel-table': 'an LCModel .table', 'lcmodel-coord': 'an LCModel .coord', minc: 'a MINC volume',
  hdf5: 'an HDF5 file', zip: 'a zip archive or Excel workbook', gzip: 'a compressed file', xml: 'XML', vertstats: 'an MNI vertstats file', binary: 'an unknown binary file',
};

/** The format of bytes; of a gzip file, that of its content. Cheap: looks at the first bytes, the length, and a few numbers. Never throws. */
export function detectFormat(bytes: Uint8Array): FileFormat {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      return detectPlain(peekGzip(bytes, '', 4096), true);
    } catch {
      return 'gzip';
    }
  }
  return detectPlain(bytes, false);
}

/** `part`: only the beginning of the file is there, so lengths say nothing. */
function detectPlain(bytes: Uint8Array, part: boolean): FileFormat {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1');
  if (head.replace(/^\xef\xbb\xbf/, '').trim() === '' && !head.includes('\0')) return 'empty';
  if (head.startsWith('\x93NUMPY')) return 'npy';
  if (head.startsWith('\x89HDF\r\n\x1a\n') || head.startsWith('MATLAB 7.3')) return 'hdf5';
  if (isMat(bytes)) return 'mat';
  if (head.startsWith('CDF\x01') || head.startsWith('CDF\x02')) return 'minc';
  if (head.startsWith('PK\x03\x04')) return 'zip';
  if (/^(?:n\+1|ni1)\0/.test(head.slice(344, 348)) || /^(?:n\+2|ni2)\0/.test(head.slice(4, 8))) return 'nifti';
  if (isMgh(bytes)) return 'mgh';
  if (surfaceKind(bytes) !== null && !isCurv(bytes)) return 'freesurfer-surface';
  if (isCurv(bytes) || head.startsWith('\xff\xff\xff')) return 'curv';
  if (/^p[^\n]*\0/.test(head)) return 'mni-obj';
  if (!part && isAnnot(bytes)) return 'annot';
  if (head.startsWith('\xff\xfe') || head.startsWith('\xfe\xff')) return 'text';
  return head.includes('\0') ? 'binary' : detectText(head.replace(/^\xef\xbb\xbf/, ''), bytes);
}

function detectText(head: string, bytes: Uint8Array): FileFormat {
  if (head.startsWith('version https://git-lfs') || head.slice(0, 400).includes('.git/annex/') || head.startsWith('/annex/objects/')) return 'pointer';
  if (/^\s*<header>/.test(head)) return 'vertstats';
  if (/^\s*<(\?xml|!DOCTYPE|!--|[A-Za-z])/.test(head)) return /<GIFTI[\s>]|DOCTYPE\s+GIFTI/.test(head) ? 'gifti' : 'xml';
  if (isFreesurferLabel(bytes)) return 'label';
  if (/^\s*P(\s+[-+.\deE]+){6}/.test(head)) return 'mni-obj';
  if (/^\s*\$\$(CONC|MISC|DIAG|INPU)\b/m.test(head)) return 'lcmodel-table';
  if (/^ *\d+ lines in following concentration table/m.test(head)) return 'lcmodel-coord';
  const lines = head.split(/\r?\n/, 3).map((l) => l.trim());
  const first = /^"?x"?$/.test(lines[0] ?? '') ? lines[1] : lines[0];
  return /^[-+]?(\d|\.\d|nan|inf|na\b)[^\s,;]*$/i.test(first ?? '') ? 'numbers' : 'text';
}

/** The bytes without gzip compression, bounded; themselves when they are not compressed. */
export function decompressed(bytes: Uint8Array, file: string): Uint8Array {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? new Budget(file, bytes.length).inflate(bytes, 'the compressed file') : bytes;
}

/** What is at the beginning of a file, for messages: its format, and its first bytes when that is unknown. */
export function describe(bytes: Uint8Array): string {
  const format = detectFormat(bytes);
  if (format === 'binary') return `${FORMAT_NAMES.binary} (first bytes ${hex(bytes)})`;
  if (format !== 'text') return FORMAT_NAMES[format];
  return `text ("${excerpt(Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 60)).toString('latin1').split(/[\r\n]/, 1)[0] ?? '')}")`;
}

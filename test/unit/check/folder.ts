/** A small valid study on disk to spoil: one cohort of ten, a mesh of 642 vertices, every kind of input. */
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStudy, type CheckReport } from '../../../client/check/index.js';
import { loadStudy, StudyFileError } from '../../../config/index.js';
import { simulateStudy } from '../../../simulate/index.js';

export const VERTICES = 642;
/** A fixed day for dates to be held against. */
export const TODAY = new Date('2025-06-01T00:00:00Z');

export interface Folder {
  path: string;
  /** Subjects in the order of the table. */
  ids: string[];
  vertexFile(metric: 'thickness' | 'area' | 'md' | 'fa', subject?: number, side?: 'left' | 'right'): string;
  spectrum(subject?: number): string;
  read(name: string): string;
  write(name: string, content: string | Uint8Array): void;
  /** Replaces a text that must occur. */
  edit(name: string, from: string | RegExp, to: string): void;
  move(from: string, to: string): void;
  remove(name: string): void;
  check(): Promise<CheckReport>;
  dispose(): void;
}

/** Makes the valid study once; `copy` gives one to spoil. */
export async function validFolder(): Promise<{ copy: () => Folder; dispose: () => void }> {
  const original = mkdtempSync(join(tmpdir(), 'sulcus-valid-'));
  await simulateStudy(original, { seed: 4, cohorts: [{ name: 'tokyo', size: 10 }], effect: 'population', meshLevel: 3 });
  return {
    copy: () => {
      const path = mkdtempSync(join(tmpdir(), 'sulcus-spoiled-'));
      cpSync(original, path, { recursive: true });
      return folderAt(path);
    },
    dispose: () => rmSync(original, { recursive: true, force: true }),
  };
}

function folderAt(path: string): Folder {
  const at = (name: string): string => join(path, name);
  const read = (name: string): string => readFileSync(at(name), 'utf8');
  const ids = read('tokyo/participants.tsv').trim().split('\n').slice(1).map((line) => line.split('\t')[0] as string);
  const id = (subject: number): string => ids[subject] as string;
  return {
    path, ids, read,
    vertexFile(metric, subject = 2, side = 'left') {
      const s = id(subject), base = `tokyo/civet/${s}`;
      return {
        thickness: `${base}/thickness/TKY_${s}_native_rms_rsl_tlink_30mm_${side}.txt`, area: `${base}/surfaces/TKY_${s}_mid_surface_rsl_${side}_native_area_40mm.txt`,
        md: `tokyo/dwi/${s}_mid_${side}_MD_rsl.txt`, fa: `tokyo/dwi/${s}_mid_${side}_FA_rsl.txt`,
      }[metric];
    },
    spectrum: (subject = 2) => `tokyo/mrs/${id(subject)}.table`,
    write: (name, content) => writeFileSync(at(name), content),
    edit(name, from, to) {
      const before = read(name), after = before.replace(from, to);
      if (before === after) throw new Error(`${name} has no ${String(from)}`);
      writeFileSync(at(name), after);
    },
    move: (from, to) => renameSync(at(from), at(to)),
    remove: (name) => rmSync(at(name), { recursive: true }),
    async check() {
      try {
        return await checkStudy(await loadStudy(at('study.yaml')), { today: TODAY, threads: 0 });
      } catch (error) {
        if (!(error instanceof StudyFileError)) throw error;
        return { problems: error.problems, cohorts: [], region: null, table: { columns: [], rows: [] } };
      }
    },
    dispose: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The n-th line of a file (from 1) replaced. */
export function setLine(folder: Folder, name: string, line: number, text: string): void {
  const lines = folder.read(name).split('\n');
  lines[line - 1] = text;
  folder.write(name, lines.join('\n'));
}

/** Every value of a vertex file changed. */
export function mapValues(folder: Folder, name: string, change: (value: number, index: number) => number): void {
  folder.write(name, `${folder.read(name).trim().split('\n').map((v, i) => String(change(Number(v), i))).join('\n')}\n`);
}

/** One cell of the participants table; row 0 is the first participant. */
export function setCell(folder: Folder, row: number, column: string, value: string): void {
  const lines = folder.read('tokyo/participants.tsv').trimEnd().split('\n').map((l) => l.split('\t'));
  (lines[row + 1] as string[])[(lines[0] as string[]).indexOf(column)] = value;
  folder.write('tokyo/participants.tsv', `${lines.map((l) => l.join('\t')).join('\n')}\n`);
}

/** A column added to the participants table. */
export function addColumn(folder: Folder, name: string, value: (row: number) => string): void {
  const lines = folder.read('tokyo/participants.tsv').trimEnd().split('\n');
  folder.write('tokyo/participants.tsv', `${lines.map((l, i) => `${l}\t${i === 0 ? name : value(i - 1)}`).join('\n')}\n`);
}

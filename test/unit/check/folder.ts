/** A small valid study on disk to spoil: one cohort of ten, a mesh of 642 vertices, every kind of input. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
  /** An empty folder in place of a file. */
  folder(name: string): void;
  /** A named pipe in place of a file. */
  pipe(name: string): void;
  check(): Promise<CheckReport>;
  /** Puts back what was changed. */
  restore(): void;
  dispose(): void;
}

/** Makes the valid study. What a test changes is put back by `restore`. */
export async function validFolder(): Promise<Folder> {
  const path = mkdtempSync(join(tmpdir(), 'sulcus-spoiled-'));
  await simulateStudy(path, { seed: 4, cohorts: [{ name: 'tokyo', size: 10 }], effect: 'population', meshLevel: 3 });
  const at = (name: string): string => join(path, name);
  const read = (name: string): string => readFileSync(at(name), 'utf8');
  const ids = read('tokyo/participants.tsv').trim().split('\n').slice(1).map((line) => line.split('\t')[0] as string);
  const id = (subject: number): string => ids[subject] as string;
  /** Files as they were; null: there was none. */
  const before = new Map<string, Buffer | null>();
  const touch = (name: string): void => {
    if (before.has(name)) return;
    if (existsSync(at(name)) && statSync(at(name)).isDirectory()) for (const inner of readdirSync(at(name))) touch(`${name}/${inner}`);
    else before.set(name, existsSync(at(name)) ? readFileSync(at(name)) : null);
  };
  const write = (name: string, content: string | Uint8Array): void => { touch(name); writeFileSync(at(name), content); };
  return {
    path, ids, read, write,
    vertexFile(metric, subject = 2, side = 'left') {
      const s = id(subject), base = `tokyo/civet/${s}`;
      return {
        thickness: `${base}/thickness/TKY_${s}_native_rms_rsl_tlink_30mm_${side}.txt`, area: `${base}/surfaces/TKY_${s}_mid_surface_rsl_${side}_native_area_40mm.txt`,
        md: `tokyo/dwi/${s}_mid_${side}_MD_rsl.txt`, fa: `tokyo/dwi/${s}_mid_${side}_FA_rsl.txt`,
      }[metric];
    },
    spectrum: (subject = 2) => `tokyo/mrs/${id(subject)}.table`,
    edit(name, from, to) {
      const text = read(name), after = text.replace(from, to);
      if (text === after) throw new Error(`${name} has no ${String(from)}`);
      write(name, after);
    },
    move(from, to) { touch(from); touch(to); renameSync(at(from), at(to)); },
    remove(name) { touch(name); rmSync(at(name), { recursive: true }); },
    folder(name) { touch(name); rmSync(at(name)); mkdirSync(at(name)); },
    pipe(name) { touch(name); rmSync(at(name)); execFileSync('mkfifo', [at(name)]); },
    async check() {
      try {
        return await checkStudy(await loadStudy(at('study.yaml')), { today: TODAY, threads: 0 });
      } catch (error) {
        if (!(error instanceof StudyFileError)) throw error;
        return { problems: error.problems, cohorts: [], region: null, table: { columns: [], rows: [] }, pipelines: [], programs: [], stepsRun: 'here' };
      }
    },
    restore() {
      for (const [name, bytes] of before) {
        if (existsSync(at(name))) rmSync(at(name), { recursive: true });
        if (bytes === null) continue;
        mkdirSync(dirname(at(name)), { recursive: true });
        writeFileSync(at(name), bytes);
      }
      before.clear();
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

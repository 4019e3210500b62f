/** A study of real CIVET thickness files, where they are at hand: four scans, and more subjects made from them by seeded perturbation. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../analysis/random.js';
import { readVertexText, writeParticipants, writeVertexText } from '../../formats/index.js';

/** Samples beside the checkout; they are not part of it. */
export const SAMPLES = fileURLToPath(new URL('../../../shared/data/civet', import.meta.url));
const SCANS = ['s1_01_1', 's1_03_1', 's2_01_1', 's2_03_1'];
export const VERTICES = 40_962;

/** True when the samples are there; else says on stderr that tests are skipped. */
export function haveSamples(): boolean {
  const there = existsSync(join(SAMPLES, 'DKTatlas40.labels')) && SCANS.every((s) => existsSync(file(SAMPLES, s, 'left')));
  if (!there) process.stderr.write(`skipped: the real CIVET files are not at ${SAMPLES}\n`);
  return there;
}

const file = (folder: string, id: string, side: string): string => join(folder, 'thickness', `${id}_native_rms_rsl_tlaplace_0mm_${side}.txt`);

/** `subjects` of two groups in a new folder, with the real atlas. The first four are the scans themselves. */
export function realStudy(subjects: number): { directory: string; ids: string[]; thickness(id: string, side: 'left' | 'right'): string } {
  const directory = mkdtempSync(join(tmpdir(), 'sulcus-real-'));
  mkdirSync(join(directory, 'thickness'));
  for (const name of ['DKTatlas40.labels', 'dkt40_left_40962.txt', 'dkt40_right_40962.txt']) copyFileSync(join(SAMPLES, name), join(directory, name));
  const mask = readFileSync(join(SAMPLES, 'icbm_avg_white_sym_mc_mask_left.txt'), 'latin1').split('\n').slice(0, VERTICES);
  writeFileSync(join(directory, 'midline_mask.txt'), `${mask.join('\n')}\n`);
  const scans = new Map(SCANS.flatMap((s) => (['left', 'right'] as const).map((side) => [`${s}/${side}`, readVertexText(readFileSync(file(SAMPLES, s, side)), { file: s, vertices: VERTICES })] as const)));
  const ids: string[] = [], rows: Record<string, string | number>[] = [];
  for (let i = 0; i < subjects; i++) {
    const base = SCANS[i % SCANS.length] as string, id = i < SCANS.length ? base : `p${String(i + 1).padStart(3, '0')}`;
    const random = createRandom(`real/${i}`), patient = i % 2 === 1;
    ids.push(id);
    rows.push({ participant_id: id, group: patient ? 'FEP' : 'HC', age: Math.round(20 + 20 * random.uniform()), sex: random.uniform() < 0.5 ? 'F' : 'M' });
    const scale = i < SCANS.length ? 1 : 1 + 0.03 * random.normal() - (patient ? 0.03 : 0);
    for (const side of ['left', 'right'] as const) {
      const values = scans.get(`${base}/${side}`) as Float64Array;
      if (i < SCANS.length) copyFileSync(file(SAMPLES, base, side), file(directory, id, side));
      else writeFileSync(file(directory, id, side), writeVertexText(values.map((v) => Math.max(0, v * scale + 0.35 * random.normal()))));
    }
  }
  writeFileSync(join(directory, 'participants.tsv'), writeParticipants(['participant_id', 'group', 'age', 'sex'], rows));
  return { directory, ids, thickness: (id, side) => file(directory, id, side) };
}

/** A study that asks for more components than the data of one cohort have: told to whoever decides, in results and report, and for no other cohort. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../analysis/random.js';
import { PLAIN, readResults, smallStudy, sulcus, type SmallStudy } from './harness.js';

const SLOW = 600_000;
let study: SmallStudy;
beforeAll(async () => {
  study = await smallStudy({ ...PLAIN, ranks: [2, 4], splits: 2, cohorts: [{ name: 'tokyo', size: 20 }, { name: 'toronto', size: 20 }] });
  // In Tokyo one pattern over vertices, more or less of it by participant and metric: with the shift, of rank 2.
  const files = readdirSync(join(study.directory, 'tokyo'), { recursive: true, encoding: 'utf8' }).filter((name) => /(thickness|surfaces|dwi)\/.*\.txt$/.test(name)).map((name) => join(study.directory, 'tokyo', name));
  const valuesOf = (file: string): number[] => readFileSync(file, 'utf8').trim().split('\n').map(Number), random = createRandom('flat');
  const left = files.filter((file) => file.includes('left')).sort(), pattern = valuesOf(left[0] ?? '').map(() => random.uniform());
  for (const file of left) {
    const values = valuesOf(file), level = values.reduce((sum, v) => sum + v, 0) / values.length, amount = 2 * random.uniform() ** 2;
    for (const side of ['left', 'right']) writeFileSync(file.replace('left', side), `${pattern.map((p) => String(level * (0.6 + 0.5 * amount * p))).join('\n')}\n`);
  }
}, SLOW);
afterAll(() => study?.remove(), SLOW);

it('says at which ranks the data do not determine the parcellation', async () => {
  const { code, stderr } = await sulcus(['run', 'study.yaml'], study.directory);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const { cohorts, rank, doubts } = readResults(study.results);
  expect(cohorts['tokyo']?.ranks.map((row) => [row.rank, row.flat])).toEqual([[2, 0], [3, 5], [4, 5]]);
  expect(cohorts['toronto']?.ranks.map((row) => row.flat)).toEqual([0, 0, 0]);
  expect(cohorts['tokyo']?.parcellation?.flat).toBe((rank.chosen ?? 0) > 2);
  expect(cohorts['toronto']?.parcellation?.flat).toBe(false);
  const said = 'At ranks 3, 4 more components were asked for than the data of tokyo determine';
  expect(doubts.filter((doubt) => doubt.includes('determine'))).toEqual([expect.stringContaining(said)]);
  expect(readFileSync(join(study.results, 'report.html'), 'utf8')).toContain(said);
}, SLOW);

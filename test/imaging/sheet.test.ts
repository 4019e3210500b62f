/** Contact sheets of what real MRtrix3 makes, at two steps of one pipeline that persons rate one after the other. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OUTLINE } from '../../activities/imaging/sheet/picture/tile.js';
import { readResults, sulcus } from '../workflow/harness.js';
import { REAL, scanStudy, type ScanStudy } from './scans.js';

const LONG = 900_000;

describe.skipIf(!REAL)('mrtrix3-dti with its mask and its maps rated', () => {
  let study: ScanStudy, ids: string[];
  beforeAll(async () => {
    study = await scanStudy([{ name: 'tokyo', size: 6 }]);
    study.edit('- use: mrtrix3-dti', '- use: mrtrix3-dti\n    review: [mask, metrics]');
    ids = study.people['tokyo'] as string[];
  }, LONG);
  afterAll(() => study?.remove(), LONG);

  /** Share of pixels in the outline's colour, and of those that are neither black nor it. */
  function seen(id: string, step: string): { outline: number; grey: number } {
    const { width, height, data } = decode(readFileSync(join(study.directory, 'tokyo', 'derivatives', 'mrtrix3-dti', id, '.sheets', `${step}.png`)));
    let outline = 0, grey = 0;
    expect(width).toBeLessThanOrEqual(1600);
    for (let at = 0; at < data.length; at += 3) {
      if (data[at] === OUTLINE[0] && data[at + 1] === OUTLINE[1] && data[at + 2] === OUTLINE[2]) outline++;
      else if ((data[at] as number) > 40) grey++;
    }
    return { outline: outline / (width * height), grey: grey / (width * height) };
  }
  const run = (): ReturnType<typeof sulcus> => sulcus(['run', 'study.yaml'], study.directory);
  const rate = async (step: string): Promise<unknown> => {
    writeFileSync(join(study.directory, 'ratings.tsv'), `participant\tstep\trating\n${ids.map((id) => `${id}\t${step}\tgood\n`).join('')}`);
    return JSON.parse((await sulcus(['rate', 'study.yaml', '--from', 'ratings.tsv', '--by', 'A. Reviewer', '--json'], study.directory)).stdout);
  };

  it.each(['mask', 'metrics'])('shows heads with the outline of their mask, and waits at %s', async (step) => {
    const { code, stdout } = await run();
    expect([code, stdout]).toEqual([3, expect.stringContaining(`tokyo, mrtrix3-dti: 6 at ${step}.`)]);
    for (const id of ids) {
      const { outline, grey } = seen(id, step);
      expect([outline > 0.005 && outline < 0.05, grey > 0.1 && grey < 0.6]).toEqual([true, true]);
    }
    expect(await rate(step)).toEqual({ written: 6, same: 0, empty: 0, by: 'A. Reviewer', told: 1 });
  }, LONG);

  it('comes to its results when both are rated', async () => {
    expect((await run()).code).toBe(0);
    expect(readResults(study.results).cohorts['tokyo']).toMatchObject({ subjects: 6, excluded: [] });
  }, LONG);
});

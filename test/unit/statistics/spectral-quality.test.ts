import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../analysis/random.js';
import { oneWayAnova, runStudyStatistics, type SpectrumRow } from '../../../analysis/statistics/index.js';
import { makeSpectra, makeStudy, strongEffect } from './support.js';

/** A study whose patients have noisier spectra; four of tokyo fail, one has none. */
function study(): ReturnType<typeof makeStudy> {
  const made = makeStudy('spectra', strongEffect), random = createRandom('spectra');
  for (const cohort of made.cohorts) {
    cohort.spectra = makeSpectra(random, cohort);
    cohort.spectra.rows.forEach((row: SpectrumRow, i) => {
      row.snr = Math.round(27 + 2 * random.normal()) - (cohort.participants['group']![i] === 'HC' ? 0 : 6);
      row.sdPercent = 6 + (i % 3);
      row.csf = 0.1 + 0.01 * random.uniform();
      row.fwhmStepHz = 1.2;
    });
  }
  const rows = made.cohorts[0]!.spectra!.rows;
  rows[0]!.fwhmHz = 12; rows[1]!.snr = 10; rows[2]!.sdPercent = 20; rows[3]!.fwhmHz = 9.5;
  rows[4]!.problems = ['missing'];
  Object.assign(rows[4]!, { concentration: null, snr: null, fwhmHz: null, sdPercent: null, csf: null });
  return made;
}
const input = study();
const { cohorts, doubts } = runStudyStatistics(input);
const tokyo = cohorts['tokyo']!.glx!;
const find = (measure: string, spectra: string): (typeof tokyo.quality & object)[number] | undefined => tokyo.quality?.find((row) => row.measure === measure && row.spectra === spectra);

describe('quality of spectra between groups', () => {
  it('is the one-way ANOVA of each figure over the spectra read, and over those used', () => {
    const { participants, spectra, groups } = input.cohorts[0]!;
    const snr = spectra!.rows.map((r) => r.snr);
    const used = snr.map((v, i) => ([0, 1, 2, 4].includes(i) ? null : v));
    for (const [of, column] of [['read', snr], ['used', used]] as const) {
      const expected = oneWayAnova({ group: participants['group']!, snr: column }, 'snr', 'group', groups);
      expect(find('snr', of)).toMatchObject({ test: 'anova', n: expected.n, statistic: expected.F, df1: expected.df1, df2: expected.df2, p: expected.p });
      expect(find('snr', of)?.groups['TRS']).toEqual({ n: expected.groups[2]!.n, mean: expected.groups[2]!.mean, sd: expected.groups[2]!.sd });
    }
    expect(find('snr', 'used')!.p!).toBeLessThan(1e-6);
    expect(tokyo.quality!.map((r) => `${r.measure} ${r.spectra}`)).toEqual(['snr read', 'snr used', 'fwhm read', 'fwhm used', 'sd read', 'sd used', 'csf used', 'excluded read']);
  });

  it('counts the exclusions by group', () => {
    const row = find('excluded', 'read')!;
    expect(row.test).toBe('chi-square');
    expect(Object.values(row.groups).reduce((s, g) => s + (g.counts?.['excluded'] ?? 0), 0)).toBe(4);
    expect(row.fisherP).toEqual(expect.any(Number));
  });

  it('says which spectra lie near a limit, used or not', () => {
    expect(tokyo.nearLimit!.map((n) => [n.id, n.measures, n.used])).toEqual([['sub-tokyo2', ['snr'], false], ['sub-tokyo3', ['sd'], false], ['sub-tokyo4', ['fwhm'], true]]);
  });

  it('is doubted where it differs, without naming anybody', () => {
    expect(doubts.filter((d) => /S\/N of the spectra used differs between groups/.test(d))).toHaveLength(2);
    expect(doubts).toContain('tokyo: 3 spectra lie within one printed step of a quality limit (1 used, 2 not).');
    expect(doubts.join()).not.toMatch(/sub-/);
  });

  it('a figure that does not vary has a reason, and is no doubt', () => {
    const toronto = cohorts['toronto']!.glx!.quality!.find((r) => r.measure === 'fwhm' && r.spectra === 'used')!;
    expect(toronto).toMatchObject({ statistic: null, p: null, reason: expect.stringContaining('same value') });
    expect(doubts.join()).not.toContain('FWHM of the spectra used');
  });
});

import { describe, expect, it } from 'vitest';
import { readReportInput } from '../../../report/index.js';
import { completeStudy } from './example.js';

const { results } = completeStudy();
const folder = (files: Record<string, string>) => (path: string) => files[path] ?? null;

describe('the input of a report, from the files of a results folder', () => {
  it('is whole without any table', () => {
    const input = readReportInput(results, folder({}));
    expect([input.participants, input.indices, input.glx, input.spectra, input.residuals]).toEqual([[], [], [], [], []]);
    expect([input.limits, input.previous]).toEqual([null, null]);
  });

  it('has every row, with n/a as null and numbers to the last digit', () => {
    const input = readReportInput(results, folder({
      'tables/participants.tsv': 'cohort\tparticipant\tgroup\tage\tsex\ntokyo\tp1\tHC\tn/a\tF\n',
      'tables/indices.tsv': 'cohort\tparticipant\tcomponent\tmetric\tvalue\ntokyo\tp1\t2\tmd\t7.811111111111112e-4\n',
      'tables/residuals.tsv': 'cohort\tparticipant\tcomponent\tmetric\tfitted\tresidual\tstandardised\tleverage\tcook\ntokyo\tp1\t2\tmd\t1\t0.5\tn/a\t1\tn/a\n',
      'tables/spectra.tsv': 'cohort\tparticipant\tconcentration\tsnr\tfwhm_hz\tsd_percent\texcluded\ntokyo\tp1\t11.5\t20\t6\t7\tn/a\ntokyo\tp2\t12\t5\t6\t7\tsnr\ntokyo\tp3\tn/a\tn/a\tn/a\tn/a\tmissing\n',
      'provenance.json': '{"spec":{"spectroscopy":{"quality":{"snr":10,"fwhm":10,"sd":20}}}}',
    }));
    expect(input.participants).toEqual([{ cohort: 'tokyo', participant: 'p1', group: 'HC', age: null, sex: 'F' }]);
    expect(input.indices).toEqual([{ cohort: 'tokyo', participant: 'p1', component: 2, metric: 'md', value: 7.811111111111112e-4 }]);
    expect(input.residuals?.[0]?.standardised).toBeNull();
    expect(input.spectra?.map((row) => row.excluded)).toEqual([null, 'snr', 'missing']);
    expect(input.glx).toEqual([{ cohort: 'tokyo', participant: 'p1', value: 11.5 }]);
    expect(input.limits).toEqual({ snr: 10, fwhm: 10, sd: 20 });
  });
});

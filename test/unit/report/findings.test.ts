import { describe, expect, it } from 'vitest';
import type { StudyResults } from '../../../contracts/results.js';
import { formatP } from '../../../report/format.js';
import { renderReport, type ReportInput } from '../../../report/index.js';
import { completeStudy, nullStudy } from './example.js';
import { everyNumber, numbers, section, text } from './page.js';

const findings = (input: ReportInput): string => section(renderReport(input), 'findings');
const told = (input: ReportInput): string => text(findings(input));

/** A copy of the complete study after a change. */
function changed(change: (results: StudyResults) => void, from = completeStudy()): ReportInput {
  change(from.results);
  return from;
}

describe('the findings', () => {
  it.each([['complete', completeStudy()], ['null', nullStudy()]])('%s: every number is one of the results', (_, input) => {
    const known = everyNumber(input.results);
    const shown = numbers(findings(input));
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter(({ value }) => !known.has(value))).toEqual([]);
    for (const { value, shown: short } of shown) if (!short.startsWith('<')) expect(Math.abs(Number(short.replace(/,/g, '')) - value)).toBeLessThanOrEqual(Math.max(0.006, Math.abs(value) * 0.06));
  });

  it('tell a difference with its direction, t, df, adjusted p and the number of comparisons', () => {
    const input = changed(({ cohorts }) => {
      const row = cohorts.tokyo?.pairs.find((pair) => pair.component === 1 && pair.metric === 'thickness' && pair.a === 'TRS' && pair.b === 'HC');
      Object.assign(row ?? {}, { t: -4.18, estimate: -0.16, df: 45, pAdjusted: 3.1e-4, familySize: 3 });
    });
    expect(told(input)).toContain('lower in TRS than in HC (t = -4.18, df 45, adjusted p = 3.1e-4, 3 comparisons)');
  });

  it('name each replicated index once, with every significant pair and the sign of every r', () => {
    const input = completeStudy();
    const page = told(input);
    expect(page).toContain('4 of 16 indices replicated: their group effect was significant after adjustment in both cohorts.');
    for (const cohort of Object.values(input.results.cohorts)) {
      for (const pair of cohort.pairs.filter((row) => (row.pAdjusted ?? 1) < 0.05)) expect(page).toContain(`${(pair.estimate ?? 0) < 0 ? 'lower' : 'higher'} in ${pair.a} than in ${pair.b} (t = ${pair.t?.toFixed(2)}, df ${pair.df}, adjusted p = ${formatP(pair.pAdjusted ?? 1)}`);
      for (const row of cohort.glx?.partial ?? []) expect(page).toContain(`(partial r = ${row.r?.toFixed(3)}, df ${row.df}, adjusted p = ${formatP(row.pAdjusted ?? 1)}, 4 comparisons`);
    }
    expect(page).toMatch(/Thickness of component 1 is lower where Glx is higher: negative in tokyo/);
  });

  it('hedge what is weak', () => {
    const input = changed(({ cohorts }) => {
      for (const row of cohorts.tokyo?.pairs ?? []) if ((row.pAdjusted ?? 1) < 0.05) row.pAdjusted = 0.04;
    });
    expect(told(input)).toMatch(/adjusted p = 0\.040, 3 comparisons; weak evidence/);
  });

  it('say when directions disagree between cohorts', () => {
    const input = changed(({ cohorts }) => {
      for (const row of cohorts.toronto?.pairs ?? []) if (row.component === 1 && row.metric === 'md') Object.assign(row, { estimate: -(row.estimate ?? 0), t: -(row.t ?? 0) });
    });
    expect(told(input)).toContain('the directions against HC disagree');
    expect(told(completeStudy())).not.toContain('disagree');
  });

  it('are empty-handed when nothing replicated, and name what came closest', () => {
    const page = told(nullStudy());
    expect(page).toContain('Nothing replicated: none of the 16 indices differed among groups in both cohorts after adjustment (alpha 0.05). The closest was');
    expect(page).not.toMatch(/weak evidence\)\.? Thickness|replicated: their/);
  });

  it('say why and how the rank was chosen', () => {
    expect(told(completeStudy())).toMatch(/The 4-component solution was chosen by the automatic rule\. Reason recorded: Rank 4 is the highest/);
    const review = changed(({ rank }) => Object.assign(rank, { policy: 'review', approvedBy: 'A. Scientist', approvedAt: '2026-03-01T10:00:00Z', note: 'clear drop' }));
    expect(told(review)).toContain('was approved by A. Scientist on 2026-03-01 10:00 UTC with the note “clear drop”');
    const doubt = changed(({ rank, cohorts }) => {
      rank.doubt = true;
      for (const row of cohorts.tokyo?.ranks ?? []) if (row.rank === 4) row.stability.mean = 0.71;
    });
    expect(told(doubt)).toContain('No rank was stable in every cohort');
    expect(told(doubt)).toContain('not above the threshold of 0.8 in tokyo');
  });

  it('take the order of groups from the statistics, not from the order of participants', () => {
    const input = changed(({ cohorts }) => {
      for (const cohort of Object.values(cohorts)) cohort.groups = Object.fromEntries(Object.entries(cohort.groups).reverse());
    });
    expect(renderReport(input)).toBe(renderReport(completeStudy()));
  });

  it('do not call one cohort a replication', () => {
    const input = changed((results) => {
      delete results.cohorts.toronto;
      results.matching = [];
    });
    expect(told(input)).toContain('4 of 16 indices differed among groups in tokyo');
    expect(told(input)).toContain('With one cohort nothing can replicate');
  });

  it('tell a clinical relation when there is one, and the absence when there is none', () => {
    expect(told(completeStudy())).toContain('No clinical relation: none of 40 tests');
    const input = changed(({ cohorts }) => Object.assign(cohorts.tokyo?.clinical[0] ?? {}, { beta: -0.02, t: -3.5, p: 0.001, pAdjusted: 0.004 }));
    expect(told(input)).toMatch(/thickness of component 1 is lower where panss_positive is higher in tokyo \(FLR and TRS, n = 47; beta = -0\.0200.*adjusted p = 0\.004, 4 comparisons/);
  });

  it('work without spectroscopy, clinical measures or any row of points', () => {
    const input = changed(({ cohorts }) => {
      for (const cohort of Object.values(cohorts)) Object.assign(cohort, { glx: null, clinical: [] });
    });
    const page = renderReport({ results: input.results });
    expect(page).not.toContain('<section id="glx">');
    expect(text(page)).toContain('Adjusted means with one standard error');
  });
});

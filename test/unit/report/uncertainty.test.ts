/** Intervals, surrogates and checks of assumptions in the report; results of earlier versions, which have none, read as before. */
import { describe, expect, it } from 'vitest';
import type { StudyResults } from '../../../contracts/results.js';
import { renderReport, type ReportInput } from '../../../report/index.js';
import { completeStudy } from './example.js';
import { content, section, text } from './page.js';

const page = renderReport(completeStudy());

/** The complete study as an earlier version would have left it. */
function earlier(): ReportInput {
  const input = completeStudy(), results = JSON.parse(JSON.stringify(input.results)) as StudyResults;
  for (const cohort of Object.values(results.cohorts)) {
    delete cohort.assumptions;
    for (const row of cohort.ranks) delete row.stability.surrogates;
    for (const row of cohort.ancova) delete row.partialEtaSquaredInterval;
    for (const row of [...cohort.pairs, ...cohort.pairsAlternative, ...(cohort.glx?.groupPairs ?? [])]) { delete row.hedgesG; delete row.bootstrap; }
    for (const row of cohort.glx?.partial ?? []) delete row.bootstrap;
  }
  for (const row of results.matching) for (const one of row.byRank) delete one.surrogates;
  for (const key of ['resamples', 'nulls', 'confidence', 'statisticsSeed'] as const) delete results.parameters[key];
  return { ...input, results };
}

describe('uncertainty in the report', () => {
  it('pairs have their bootstrap interval and g with its interval; one without says why', () => {
    const groups = section(page, 'groups');
    for (const head of ['95 % interval, estimate', '95 % interval, g', '90 % interval, partial η²']) expect(groups).toContain(`>${head}</button></th>`);
    expect(text(groups)).toContain('1200 of 2000 resamples could not be fitted');
    expect(text(section(page, 'glx'))).toContain('95 % interval, r');
  });

  it('findings tell sizes with their intervals', () => {
    const findings = text(section(page, 'findings'));
    expect(findings).toMatch(/, by g = -\d\.\d\d \(95 % interval -\d\.\d\d to -\d\.\d\d\)/);
    expect(findings).toMatch(/; 95 % interval -0\.\d{3} to -0\.\d{3}; model term/);
    expect(findings).toContain('95 % of them stay below 0.430');
  });

  it('agreement that surrogates reach too is called so', () => {
    const input = completeStudy();
    const one = input.results.matching[0]?.byRank.find((row) => row.rank === 4);
    Object.assign(one ?? {}, { surrogates: { nulls: 500, mean: 0.7, sd: 0.1, q95: 0.85, p: 0.2 } });
    expect(text(section(renderReport(input), 'findings'))).toContain('the agreement is not beyond that');
  });

  it('ranks and agreement have what surrogates reach, in table, figure and description', () => {
    const rank = section(page, 'rank'), agreement = section(page, 'agreement');
    expect(rank).toContain('p against surrogates');
    expect(text(rank)).toContain('the parcels of a half have no contrast');
    expect(rank.match(/class="chance"/g)).toHaveLength(2);
    expect(rank).toMatch(/<desc[^>]*>[^<]*95 % of surrogates are below: rank 2 0\.440/);
    expect(agreement.match(/class="chance"/g)).toHaveLength(1);
    expect(text(agreement)).toContain('Adjusted Rand index of tokyo and toronto by rank');
  });

  it('checks of assumptions name participants by number, never by id', () => {
    const groups = section(page, 'groups');
    expect(text(groups)).toContain('Checks of the models’ assumptions, tokyo');
    expect(text(groups)).toMatch(/participant \d+ of tokyo/);
    expect(page).not.toContain('TOK-007');
    expect(text(groups)).toContain('it does not vary');
  });

  it('methods say what was done, from the parameters', () => {
    const methods = text(section(page, 'methods'));
    expect(methods).toContain('(2,000 resamples of participants within their groups, seed 0)');
    expect(methods).toContain('with its 90 % interval');
    expect(methods).toContain('compared with 500 spatial surrogates (seed 0)');
  });

  it('results of earlier versions have none of it', () => {
    const before = renderReport(earlier());
    for (const word of ['surrogate', 'bootstrap', 'g =', 'Shapiro', 'interval']) expect(text(before)).not.toContain(word);
    expect(content(before)).not.toMatch(/undefined|NaN/);
  });
});

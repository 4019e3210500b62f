import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../report/index.js';
import { completeStudy, nullStudy, partialStudy } from './example.js';
import { content, section, text, unbalanced } from './page.js';

const complete = renderReport(completeStudy());
const pages = { complete, null: renderReport(nullStudy()), partial: renderReport(partialStudy()) };

describe('the page', () => {
  it('has its sections in the order of a reader', () => {
    const order = [...complete.matchAll(/<section id="([a-z]+)">/g)].map((match) => match[1]);
    const top = order.filter((id) => ['findings', 'doubts', 'evidence', 'methods', 'paper', 'provenance'].includes(id ?? ''));
    expect(top).toEqual(['findings', 'doubts', 'evidence', 'methods', 'paper', 'provenance']);
  });

  it.each(Object.entries(pages))('%s: is self-contained, small and pure', (_, page) => {
    expect(content(page)).not.toMatch(/https?:|\/\/[a-z]|<script [^>]*src|<link|<img|<iframe|url\(|@import|javascript:/i);
    expect(page).toMatch(/content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-[^']+'"/);
    expect(page.length).toBeLessThan(3_000_000);
    expect(content(page)).not.toMatch(/undefined|NaN|Infinity|\[object/);
  });

  it('is the same for the same input, and leaves the input alone', () => {
    const input = completeStudy();
    const before = JSON.stringify(input);
    expect(renderReport(input)).toBe(complete);
    expect(JSON.stringify(input)).toBe(before);
  });

  it.each(Object.entries(pages))('%s: is well formed, ids are unique and links lead somewhere', (_, page) => {
    expect(unbalanced(page)).toEqual([]);
    const ids = [...page.matchAll(/\bid="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [...page.matchAll(/(?:href="#|aria-labelledby=")([^"]*)"/g)].flatMap((match) => (match[1] ?? '').split(' '));
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  });

  it.each(Object.entries(pages))('%s: figures and tables can be read without seeing them', (_, page) => {
    const figures = [...page.matchAll(/<svg class="plot" role="img"[\s\S]*?<\/svg>/g)].map(([svg]) => svg);
    expect(figures.length).toBeGreaterThan(1);
    for (const svg of figures) expect(svg).toMatch(/^<svg class="plot" role="img" aria-labelledby="[^"]+"[^>]*><title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/);
    for (const [table] of page.matchAll(/<table[\s\S]*?<\/table>/g)) {
      expect(table).toMatch(/<caption>/);
      expect(table).toMatch(/<th scope="col"/);
      expect(table).not.toMatch(/<th(?! scope=| ?ead)/);
    }
  });

  it('shows every figure that its results call for', () => {
    const evidence = section(complete, 'evidence');
    for (const id of ['stability-tokyo', 'stability-toronto', 'gradient-tokyo', 'gradient-toronto', 'rand-tokyo-toronto', 'overlap-tokyo-toronto', 'effects-tokyo', 'profiles-toronto']) expect(evidence).toContain(`aria-labelledby="${id}-t`);
    expect(evidence.match(/aria-labelledby="groups-/g)).toHaveLength(8);
    expect(evidence.match(/aria-labelledby="glx-/g)).toHaveLength(8);
  });

  it('never shows p as zero, nor an adjusted p without its family', () => {
    for (const page of Object.values(pages)) expect(text(page)).not.toMatch(/p = 0\.0+\b(?![1-9])/);
    const tables = [...complete.matchAll(/<table[\s\S]*?<\/table>/g)].map(([table]) => table).filter((table) => />(found )?adjusted p</.test(table));
    expect(tables.length).toBeGreaterThan(8);
    for (const table of tables) expect(table).toContain('family (size)');
    for (const match of text(section(complete, 'findings')).matchAll(/adjusted p/g)) {
      expect(text(section(complete, 'findings')).slice(match.index, match.index + 60)).toMatch(/^adjusted p = [\d.e-]+, \d+ comparisons?/);
    }
  });
});

describe('a partial run', () => {
  it('says that it is one, and claims nothing about groups', () => {
    const findings = text(section(pages.partial, 'findings'));
    expect(findings).toContain('Partial run. This is tokyo alone');
    expect(findings).toContain('No rank has been chosen. One cohort alone decides no rank.');
    expect(findings).toContain('ranks 2, 3 and 4 had a mean stability above 0.8; the highest of them is 4');
    expect(findings).not.toMatch(/replicated|Differences between groups/i);
    for (const id of ['groups', 'glx', 'clinical', 'agreement', 'paper']) expect(pages.partial).not.toContain(`<section id="${id}">`);
  });
});

describe('other studies', () => {
  it('of five cohorts, one rank, no rows at all or no cohorts render too', () => {
    const many = completeStudy();
    const { tokyo, toronto } = many.results.cohorts;
    if (tokyo === undefined || toronto === undefined) throw new Error('the example has lost its cohorts');
    many.results.cohorts = { tokyo, toronto, oslo: { ...tokyo, ranks: tokyo.ranks.slice(0, 1) }, lima: { ...toronto, ranks: [], parcellation: null }, "o'b": { ...tokyo, glx: null } };
    const five = renderReport(many);
    expect(text(section(five, 'findings'))).toContain('in all 5 cohorts');
    const none = completeStudy();
    none.results.cohorts = {};
    none.results.matching = [];
    none.results.replicated = [];
    const empty = renderReport({ results: none.results });
    for (const page of [five, empty]) {
      expect(unbalanced(page)).toEqual([]);
      expect(content(page)).not.toMatch(/undefined|NaN|Infinity/);
    }
  });
});

describe('compared with the paper', () => {
  it('is shown for the study of the paper only', () => {
    const other = completeStudy();
    other.results.study = 'other';
    expect(renderReport(other)).toContain('<section id="paper">');
    const { toronto, ...rest } = other.results.cohorts;
    other.results.cohorts = { ...rest, ...(toronto === undefined ? {} : { oslo: toronto }) };
    expect(renderReport(other)).not.toContain('<section id="paper">');
  });

  it('sets reported beside found and explains the p values of r', () => {
    const paper = text(section(complete, 'paper'));
    expect(paper).toContain('cannot come from those correlations: r = 0.233 with 75 df has an unadjusted p of .041, yet .002 is printed');
    expect(section(complete, 'paper').match(/<tr/g)).toHaveLength(3 + 8 + 15 + 8);
    expect(text(section(pages.null, 'paper'))).toContain('did not replicate here');
  });

  it('turns the sign of a pair that was computed the other way round', () => {
    const input = completeStudy();
    const row = input.results.cohorts.tokyo?.pairs.find((pair) => pair.a === 'TRS' && pair.b === 'HC');
    if (row === undefined || row.t === null) throw new Error('the example has no such pair');
    const cell = `<data value="${row.t}">`;
    expect(section(renderReport(input), 'paper')).toContain(cell);
    Object.assign(row, { a: 'HC', b: 'TRS', t: -row.t });
    expect(section(renderReport(input), 'paper')).toContain(cell);
  });
});

describe('methods and provenance', () => {
  it('state the parameters that were used', () => {
    const input = completeStudy();
    Object.assign(input.results.parameters, { seed: 77, tolerance: 3e-6, pairwise: 'pooled', covariates: ['age', 'motion'] });
    const methods = text(section(renderReport(input), 'methods'));
    for (const part of ['seed 77', '0.000003', 'pooled error', 'age and motion as covariates', '2 to 10']) expect(methods).toContain(part);
  });

  it('count what was computed and what was reused, by stage', () => {
    const provenance = text(section(complete, 'provenance'));
    expect(provenance).toContain('21 steps: 15 computed in this run, 6 reused');
    expect(provenance).toContain('run-0007');
    expect(provenance.indexOf('ingest')).toBeLessThan(provenance.indexOf('statistics'));
  });
});

import { describe, expect, it } from 'vitest';
import { renderReport, type ReportInput } from '../../../report/index.js';
import { completeStudy, partialStudy, participantId } from './example.js';
import { content, section, text, unbalanced } from './page.js';

const HOSTILE = `<script>alert("boo")</script>&'x`;

describe('what came from data', () => {
  it('is escaped wherever it is shown', () => {
    const input = completeStudy();
    const renamed = JSON.parse(JSON.stringify(input).replace(/"(tokyo|TRS|md|mm2\/s|panss_positive)"/g, () => JSON.stringify(HOSTILE))) as ReportInput;
    renamed.results.study = HOSTILE;
    renamed.results.doubts.push(HOSTILE);
    renamed.results.rank.reason = HOSTILE;
    Object.assign(renamed.results.run, { version: HOSTILE, workflowId: HOSTILE, finishedAt: HOSTILE });
    const page = renderReport(renamed);
    expect(content(page).replaceAll('<script type="application/json" class="data">', '')).not.toContain('<script');
    expect(page.replace(/>[^<>]*</g, '><')).not.toContain('boo"');
    expect(page).toContain('&lt;script&gt;alert(&quot;boo&quot;)&lt;/script&gt;&amp;&#39;x');
    expect(unbalanced(content(page))).toEqual([]);
  });

  it('cannot hide behind control characters', () => {
    const input = completeStudy();
    input.results.doubts = ['left\u202eright\u0000end'];
    expect(renderReport(input)).toContain('left\ufffdright\ufffdend');
  });
});

describe('participants', () => {
  const input = completeStudy();
  const page = renderReport(input);

  it('are never named', () => {
    for (const row of input.participants ?? []) expect(page).not.toContain(row.participant);
    expect(page).not.toContain('TOK-901');
  });

  it('are told by a number and their cohort', () => {
    const doubts = text(section(page, 'doubts'));
    expect(doubts).toContain('The spectrum of participant 5 of tokyo is close to the line-width limit.');
    expect(doubts).toContain('Participant 74 of tokyo has no file tokyo/civet/[participant-74]/thickness/TKY_[participant-74]_left.txt');
  });

  it('called <script>, or by a bare number, are not named either', () => {
    const odd = completeStudy();
    odd.results.cohorts.tokyo?.excluded.push({ id: '<script>', reason: 'participant <script> has no age' }, { id: '12', reason: 'participant 12 is in sub-12/anat, line 12 of 12 lines' });
    const doubts = text(section(renderReport(odd), 'doubts'));
    expect(doubts).not.toContain('<script>');
    expect(doubts).toMatch(/Participant \d+ of tokyo has no age/);
    expect(doubts).toMatch(/Participant 1 of tokyo is in sub-\[participant-1\]\/anat, line 12 of 12 lines/);
  });

  it('of the same identifier in two cohorts are told apart by the cohort, or not at all', () => {
    const same = completeStudy();
    const id = participantId('tokyo', 3);
    same.participants = [...(same.participants ?? []), { cohort: 'toronto', participant: id, group: 'HC' }];
    same.results.doubts = [`${id} of toronto is an outlier`, `${id} is an outlier`];
    const doubts = text(section(renderReport(same), 'doubts'));
    expect(doubts).toMatch(/participant \d+ of toronto is an outlier/i);
    expect(doubts).toContain('a participant is an outlier');
  });
});

describe('what to doubt', () => {
  it('marks fits that did not converge wherever they are shown', () => {
    const input = completeStudy();
    Object.assign(input.results.cohorts.toronto?.parcellation ?? {}, { converged: false, residual: 0.0031, stopped: 'passes' });
    const page = renderReport(input);
    expect(text(section(page, 'findings'))).toContain('⚠ The parcellation of toronto (residual 0.00310) did not reach its tolerance');
    expect(text(section(page, 'doubts'))).toContain('Not converged in tokyo: 2 of 21 fits at rank 9');
    expect(text(section(page, 'parcellation'))).toContain('⚠ no');
    expect(text(section(page, 'agreement'))).toContain('⚠ Not converged: toronto');
    expect(section(page, 'rank').match(/class="flag"/g)).toHaveLength(4);
    expect(section(page, 'rank').match(/<tr class="warn"/g)).toHaveLength(2);
    expect(section(page, 'agreement').match(/class="flag"/g)).toHaveLength(1);
  });

  it('lists small groups, spectra left out and the verdicts that hang on the method', () => {
    const input = completeStudy();
    const pair = input.results.cohorts.tokyo?.pairsAlternative[0];
    if (pair !== undefined) pair.pAdjusted = 0.2;
    const doubts = text(section(renderReport(input), 'doubts'));
    expect(doubts).toContain('Small groups (fewer than 20): FLR in toronto (17) and CLZ in toronto (15).');
    expect(doubts).toContain('8 in tokyo (3 HC, 3 FLR and 2 TRS) and 0 in toronto');
    expect(doubts).toContain('signal to noise too low and fit too uncertain (%SD)');
    expect(doubts).toMatch(/pairwise methods disagree on thickness of component 1, .* in tokyo \(significant by the subset method only\)/);
  });

  it('says so when nobody was left out', () => {
    const input = partialStudy();
    for (const cohort of Object.values(input.results.cohorts)) cohort.excluded = [];
    expect(text(section(renderReport(input), 'doubts'))).toContain('No participant was left out.');
  });

  it('shows a number that could not be computed as missing, with its reason', () => {
    const input = completeStudy();
    Object.assign(input.results.cohorts.tokyo?.ancova[2] ?? {}, { F: null, df1: null, df2: null, p: null, pAdjusted: null, partialEtaSquared: null, marginalMeans: null, significant: false, reason: 'the response is constant' });
    Object.assign(input.results.cohorts.tokyo?.glx?.partial[0] ?? {}, { r: null, df: null, t: null, p: null, pAdjusted: null, reason: 'all ages are missing' });
    const page = renderReport(input);
    expect(text(section(page, 'groups'))).toContain('the response is constant');
    expect(text(section(page, 'glx'))).toContain('all ages are missing');
    expect(text(section(page, 'findings'))).toContain('not computed in tokyo (all ages are missing)');
    expect(text(section(page, 'participants'))).toContain('no group has more than one value');
    expect(page).toContain('aria-label="not computed"');
    expect(content(page)).not.toContain('null');
  });
});

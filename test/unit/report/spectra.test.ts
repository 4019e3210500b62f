import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../report/index.js';
import { completeStudy } from './example.js';
import { text } from './page.js';

/** Words of a page, cells apart from one another. */
const wordsOf = (page: string): string => text(page.replaceAll('<', ' <')).replace(/\( /g, '(').replace(/ \)/g, ')');

describe('spectra in the report', () => {
  const page = renderReport(completeStudy()), words = wordsOf(page);

  it('have their quality by group, with what could not be tested and why', () => {
    expect(words).toContain('Quality of the spectra by group, tokyo');
    expect(words).toMatch(/S\/N used 2\d\.\d+/);
    expect(words).toMatch(/FWHM \(Hz\) all read .* same value in every row/);
    expect(words).toMatch(/used all read \d+ of \d+/);
  });

  it('near a limit are counted, not named', () => {
    expect(words).toMatch(/In tokyo 2 spectra lie within one printed step of a quality limit \(2 FWHM \(Hz\)\): 0 used, 2 not/);
    for (const { id } of completeStudy().results.cohorts['tokyo']?.glx?.nearLimit ?? []) expect(page).not.toContain(id);
  });

  it('have the formula, its source and every constant of the correction', () => {
    expect(words).toContain('Constants of the tissue correction, tokyo');
    expect(words).toContain('T1 of the metabolite (ms) 1242.5');
    expect(words).toContain('Use of tissue water as a concentration reference');
    expect(words).not.toContain('Constants of the tissue correction, toronto');
  });

  it('the region has both counts', () => expect(words).toMatch(/1,694 in tokyo of which 298 on the midline/));
});

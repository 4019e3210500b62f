import { describe, expect, it } from 'vitest';
import { lastLines, Words } from '../../../activities/imaging/words.js';

const words = new Words({ 'input:dwi': '/data/study/tokyo/dwi/TKY_0012_dwi.nii.gz', 'input:mask': '/data/study/mask' }, ['TKY_0012', 'sub-007', '12', 'ÅSA']);

describe('what programs print', () => {
  it('names files by what they are to the step, and no other path', () => {
    expect(words.without('cannot open "/data/study/tokyo/dwi/TKY_0012_dwi.nii.gz"')).toBe('cannot open "<input:dwi>"');
    expect(words.without('opening TKY_0012_dwi.nii.gz, then /data/study/mask')).toBe('opening <input:dwi>, then <input:mask>');
    expect(words.without("ENOENT: no such file, open '/data/My Study/of TKY 0012.json'")).toBe('ENOENT: no such file, open <path>');
    expect(words.without('wrote ../tmp/x.mif (3 files), ./y and /z; ratio 3/4')).toBe('wrote <path> (3 files), <path> and <path>; ratio <path>');
    expect(words.without('the mask has dwi values')).toBe('the mask has dwi values');
  });

  it('names no participant, of whatever case', () => {
    expect(words.without('subject tky_0012: TKY_0012b, sub-007 and 007')).toBe('subject <participant>: <participant>b, <participant> and <participant>');
    expect(words.without('Patient åsa, 12 years; 120 volumes')).toBe('Patient <participant>, <participant> years; 120 volumes');
  });

  it('keeps what says nothing about anybody', () => {
    expect(words.without('step: 100% done, b = 1000 / 3')).toBe('step: 100% done, b = 1000 / 3');
    expect(new Words({}, []).without('no volumes left')).toBe('no volumes left');
  });

  it('is cut to its last lines', () => {
    expect(lastLines('one\n\n two \rthree\n', 9)).toBe('two\nthree');
    expect(lastLines('a long line', 4)).toBe('…line');
    expect(lastLines(' \n', 10)).toBe('');
  });
});

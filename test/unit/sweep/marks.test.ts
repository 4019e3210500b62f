import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readMarks, unfinishedStages, type Marks } from '../../../activities/sweep/marks.js';

const folder = mkdtempSync(join(tmpdir(), 'sulcus-marks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const marks = (finished: string[], begun: string[] = []): Marks => ({ finished: new Set(finished), begun: new Set(begun) });

describe("CIVET's marks", () => {
  it('are read from the logs folder of the participant, wherever below it the file lies', async () => {
    const logs = join(folder, 'sub-A.1', 'logs');
    mkdirSync(logs, { recursive: true });
    for (const name of ['sub-A.1.nuc.finished', 'sub-A.1.nuc.log', 'sub-A.1.surface.log', 'sub-A.1.tal.running', 'notes.txt']) writeFileSync(join(logs, name), '');
    const found = await readMarks('sub-A.1', join(folder, 'sub-A.1', 'thickness', 'x.txt'));
    expect([[...found?.finished ?? []], [...found?.begun ?? []].sort()]).toEqual([['nuc'], ['nuc', 'surface', 'tal']]);
  });

  it('are none without a folder of the participant, or without logs in it', async () => {
    mkdirSync(join(folder, 'sub-B'), { recursive: true });
    expect(await readMarks('sub-B', join(folder, 'sub-B', 'thickness', 'x.txt'))).toBeNull();
    expect(await readMarks('sub-C', join(folder, 'dwi', 'sub-C_md.txt'))).toBeNull();
  });
});

describe('unfinished stages', () => {
  const whole = marks(['a', 'b', 'c']);

  it('are those that more than half of the others finished', () => {
    expect(unfinishedStages(marks(['a']), [whole, whole, marks(['a', 'b'])])).toEqual(['b', 'c']);
    expect(unfinishedStages(marks(['a', 'b']), [whole, marks(['a', 'b'])])).toEqual([]);
    expect(unfinishedStages(whole, [whole])).toEqual([]);
    expect(unfinishedStages(null, [whole])).toEqual(['a', 'b', 'c']);
  });

  it('are none in a cohort without marks', () => {
    expect(unfinishedStages(null, [])).toEqual([]);
    expect(unfinishedStages(marks([], ['a']), [])).toEqual([]);
  });

  it("are one's own, where no other has marks", () => {
    expect(unfinishedStages(marks(['a'], ['a', 'b']), [])).toEqual(['b']);
  });

  it('do not count a stage that fails in everybody', () => {
    const broken = marks(['a'], ['a', 'verify']);
    expect(unfinishedStages(broken, [broken, broken])).toEqual([]);
  });
});

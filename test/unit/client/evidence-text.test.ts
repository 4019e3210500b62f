/** The curves a reviewer sees. */
import { describe, expect, it } from 'vitest';
import { evidenceLines, type Evidence } from '../../../client/evidence-text.js';
import { durationText, waitingText } from '../../../client/review-text.js';

function evidence(stabilities: (number | null)[]): Evidence {
  const ranks = stabilities.map((mean, i) => ({ rank: i + 2, stability: { mean, sd: 0.01, median: mean, splits: [mean] }, error: { mean: 50 - i, sd: 1, full: 50 - i }, gradient: i === 0 ? null : -1, fits: 7, notConverged: i === 1 ? 2 : 0 }));
  return { cohorts: { tokyo: { ranks } }, matching: [{ a: 'tokyo', b: 'toronto', byRank: [{ rank: 2, ari: 0.5 }] }], parameters: { threshold: 0.8 } } as unknown as Evidence;
}

describe('evidence as text', () => {
  it('marks every rank once in each curve: stable ones with *, others with o', () => {
    const lines = evidenceLines(evidence([0.95, 0.85, 0.7]));
    const plot = lines.filter((line) => / \|/.test(line)).map((line) => line.split('|'));
    expect(plot).toHaveLength(8);
    const marks = (at: number): string => plot.map((p) => p[at]).join('').replace(/[^*o]/g, '');
    expect([marks(1).replace(/o/g, '').length, marks(1).replace(/\*/g, '').length]).toEqual([2, 1]);
    expect(marks(2)).toBe('***');
    expect(lines.join('\n')).toMatch(/ {3}3 +0\.850 +0\.010 +yes +49\.00 +-1\.00 +2 of 7/);
    expect(lines.join('\n')).toContain('tokyo / toronto: 2: 0.50');
  });

  it('says none where a stability is not defined, and stays narrow with many ranks', () => {
    expect(evidenceLines(evidence([0.9, null])).join('\n')).toMatch(/ {3}3 +none/);
    const many = evidenceLines(evidence(Array.from({ length: 150 }, () => 0.9)));
    expect(Math.max(...many.map((line) => line.length))).toBeLessThan(200);
    expect(many.join('\n')).toContain('every 4th rank drawn');
  });

  it('names ranks that the data do not determine', () => {
    const study = evidence([0.9, 0.85, 0.8]), { ranks } = study.cohorts['tokyo']!;
    expect(evidenceLines(study).join('\n')).not.toContain('determine');
    ranks[0]!.flat = 0;
    ranks[2]!.flat = 7;
    expect(evidenceLines(study).join('\n')).toContain('rank 4: more components than the data determine');
    ranks[1]!.flat = 1;
    expect(evidenceLines(study).join('\n')).toContain('ranks 3, 4: more components');
  });
});

describe('how long a review waits', () => {
  it('is told in the unit a person would use', () => {
    expect([40, 720, 10_800, 187_200].map(durationText)).toEqual(['40 s', '12 min', '3 h', '2 d 4 h']);
    expect(waitingText({ ranks: [], since: '2026-01-01T00:00:00Z', reminders: 2 }, Date.parse('2026-01-01T03:00:00Z'))).toBe(' Waiting for 3 h, reminded 2 times.');
  });
});

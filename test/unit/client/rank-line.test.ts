import { expect, it } from 'vitest';
import { rankLine } from '../../../client/rank-line.js';

it.each([
  [{ chosen: 4, doubt: false, reason: 'rank 4 was approved by a person; its stability is 0.808 in tokyo' }, 'rank 4 was approved by a person; its stability is 0.808 in tokyo'],
  [{ chosen: 4, doubt: true, reason: 'rank 4 is set in the study file' }, 'rank 4 (in doubt) is set in the study file'],
  [{ chosen: 4, doubt: false, reason: '4 is the highest rank above 0.8' }, 'rank 4: 4 is the highest rank above 0.8'],
  [{ chosen: 4, doubt: true, reason: 'rank 40 is another' }, 'rank 4 (in doubt): rank 40 is another'],
  [{ chosen: null, doubt: false, reason: 'A person is asked' }, 'rank none: A person is asked'],
])('%o', (decision, line) => {
  expect(rankLine(decision)).toBe(line);
});

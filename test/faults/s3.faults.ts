/** A bucket that fails under the artifact store: the tests of npm run test:s3, with their figure. */
import { afterEach, expect, it } from 'vitest';
import { figure } from './figure.js';
import '../s3/s3-faults.test.js';

const passed: string[] = [];
afterEach(({ task }) => { if (task.result?.state !== 'fail') passed.push(task.name); });

it('the first and every k-th call of S3', (context) => {
  const [first, often, always] = ['the first call', 'every ', 'always '].map((start) => passed.filter((name) => name.startsWith(start)).length);
  expect([first, often, always]).toEqual([5, 5, 5]);
  figure(context, 'A bucket whose calls fail now and then loses nothing and is never read wrongly; one that always fails is named',
    `a real S3 server behind a proxy that answers 500 or 503, resets, loses or cuts answers: the first call of every operation (${first} kinds), every second to fourth (${often}; 100 artifacts and one of 20 MiB each), always (${always})`);
});

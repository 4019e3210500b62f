/** Disks that fail under the artifact store: the tests of npm test, with their figure. */
import { afterEach, expect, it } from 'vitest';
import { figure } from './figure.js';
import '../store/store-power-cut.test.js';
import '../store/store-disk.test.js';

const passed: string[] = [];
afterEach(({ task }) => { if (task.result?.state !== 'fail') passed.push(task.name); });

it('power cuts, full, read-only and closed disks', (context) => {
  const cuts = passed.filter((name) => /at every cut/.test(name)).length, disks = passed.filter((name) => /STORE_(FULL|READ_ONLY|DENIED)|killed|was cut/.test(name)).length;
  expect([cuts, disks]).toEqual([7, 5]);
  figure(context, 'What the store holds is whole or not there, wherever the power goes; a disk that fails is named, and loses nothing that was stored',
    `${cuts} kinds of write cut after each of their calls, with 4 ideas of what had come to the disk: whole or not at all, and what was done lasts; a full, a read-only and a closed disk, a write killed and a file cut: each named, none read (${passed.length} tests)`);
});

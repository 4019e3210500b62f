import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Digests } from '../../../activities/imaging/digests.js';
import { ParticipantFolder } from '../../../activities/imaging/folder.js';
import { isAbandoned, own } from '../../../activities/imaging/owner.js';

let root: string, folder: ParticipantFolder;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sulcus-folder-'));
  folder = new ParticipantFolder(join(root, 'p1'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const make = (text: string, isDone = false): Promise<boolean> => folder.aside('fit', async (aside) => {
  writeFileSync(join(aside.outputs, 'out.txt'), text);
  writeFileSync(join(aside.scratch, 'temporary'), 'x');
  return folder.place('fit', aside, () => Promise.resolve(isDone));
});
const content = (): string => readFileSync(join(folder.of('fit'), 'out.txt'), 'utf8');
/** What a worker has left that ended, as one on this machine whose number nobody has. */
function leftover(name: string, owner: Record<string, unknown> | null): string {
  const path = join(folder.path, name);
  mkdirSync(join(path, 'outputs'), { recursive: true });
  if (owner !== null) writeFileSync(join(path, 'owner.json'), JSON.stringify(owner));
  return path;
}
async function ownerHere(): Promise<Record<string, unknown>> {
  const path = leftover('.x.000000000000', null);
  await own(path);
  const owner = JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8')) as Record<string, unknown>;
  rmSync(path, { recursive: true });
  return owner;
}

describe('a step\'s folder', () => {
  it('appears whole, and nothing is left aside', async () => {
    expect(await make('first')).toBe(true);
    expect([readdirSync(folder.path), readdirSync(folder.of('fit')), content()]).toEqual([['fit'], ['out.txt'], 'first']);
  });

  it('replaces what is not done, and yields to what is', async () => {
    await make('first');
    expect([await make('second'), content()]).toEqual([true, 'second']);
    expect([await make('third', true), content()]).toEqual([false, 'second']);
    rmSync(folder.of('fit'), { recursive: true });
    writeFileSync(folder.of('fit'), 'a file of somebody');
    expect([await make('fourth'), content()]).toEqual([true, 'fourth']);
    expect(readdirSync(folder.path)).toEqual(['fit']);
  });

  it('is not there when the work fails', async () => {
    await expect(folder.aside('fit', async ({ outputs }) => { writeFileSync(join(outputs, 'out.txt'), 'half'); throw new Error('ended'); })).rejects.toThrow('ended');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('is cleared when it is found done: a worker may have been killed just after it was put in place', async () => {
    await make('whole');
    const here = await ownerHere(), killed = leftover('.fit.000000000001', { ...here, process: 'other', started: '1' });
    for (const step of ['fit', 'other']) mkdirSync(join(folder.path, ParticipantFolder.failed(step)), { recursive: true });
    await folder.forgetFailed('fit');
    expect([existsSync(killed), readdirSync(join(folder.path, '.failed')), content()]).toEqual([false, ['other'], 'whole']);
    await folder.forgetFailed('other');
    expect(readdirSync(folder.path)).toEqual(['fit']);
  });

  it('is cleared of what ended workers have left, and of nothing that others write', async () => {
    const here = await ownerHere(), dead = spawnSync(process.execPath, ['-e', '']).pid;
    const gone = [
      leftover('.fit.000000000001', { ...here, process: 'other', pid: dead }), leftover('.fit.000000000002', { ...here, process: 'other', started: '1' }), leftover('.fit.000000000003', here),
    ];
    const old = leftover('.fit.000000000004', { ...here, machine: 'another', process: 'other' });
    utimesSync(join(old, 'owner.json'), 1e9, 1e9);
    // Killed before it had an owner, or when nothing else was left.
    mkdirSync(join(folder.path, '.fit.000000000005'));
    const kept = [
      leftover('.fit.00000000000a', { ...here, process: 'other', pid: process.pid }), leftover('.fit.00000000000b', { ...here, machine: 'another', process: 'other', pid: dead }), leftover('.fit.00000000000c', null),
      leftover('.fits.000000000001', { ...here, process: 'other', pid: dead }), leftover('.fit.notes', null),
    ];
    await make('whole');
    expect([...gone, old, join(folder.path, '.fit.000000000005')].filter(existsSync)).toEqual([]);
    expect(kept.filter((path) => !existsSync(path))).toEqual([]);
    const mine = leftover('.fit.00000000000d', null);
    await own(mine);
    expect(await isAbandoned(mine)).toBe(false);
  });
});

describe('checksums', () => {
  it('are read once while a file is the same, and again when it is not, though its size and its time are', async () => {
    const file = join(root, 'a.txt'), memory = join(root, '.digests.json'), sha = async (): Promise<string> => { const d = new Digests(root, root), { sha256 } = await d.of(file); await d.save(); return sha256; };
    writeFileSync(file, 'one');
    utimesSync(file, 1e9, 1e9);
    const one = await sha(), kept = readFileSync(memory, 'utf8');
    expect(one).toBe('7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed');
    expect([await sha(), readFileSync(memory, 'utf8')]).toEqual([one, kept]);
    writeFileSync(file, 'two');
    utimesSync(file, 1e9, 1e9);
    const two = await sha();
    expect(two).not.toBe(one);
    writeFileSync(memory, '{"half');
    expect(await sha()).toBe(two);
  });

  it('go with a folder that gets another name', async () => {
    mkdirSync(join(root, 'aside'));
    writeFileSync(join(root, 'aside', 'a.txt'), 'one');
    const digests = new Digests(root, root);
    await digests.of(join(root, 'aside', 'a.txt'));
    await digests.moved(join(root, 'aside'), join(root, 'final'));
    await digests.save();
    expect(Object.keys(JSON.parse(readFileSync(join(root, '.digests.json'), 'utf8')) as object)).toEqual(['/final/a.txt']);
  });
});

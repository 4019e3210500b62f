import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programVersion } from '../../activities/imaging/version.js';
import { ENV, living, makePlace, NOTE, parentOf, startOf, STAY, until, untilNoted, type Place } from './programs.js';

const MIB = 1024 * 1024;
/** A worker: runs the program that its arguments say, and tells how that ended. */
const BUILT = new URL('../../dist/activities/imaging/program.js', import.meta.url).href;
const WORKER = `
  const { runProgram } = await import(${JSON.stringify(BUILT)});
  const [folder, code] = process.argv.slice(1);
  const run = () => runProgram({ command: [process.execPath, '-e', code, folder], cwd: folder, env: {}, limits: { memory: 4096, seconds: 100, silence: null },
    stdout: folder + '/stdout.txt', stderr: folder + '/stderr.txt', progress: null, signal: new AbortController().signal, onProgress() {} });
  try { console.log(JSON.stringify(await run())); } catch (error) { console.log(error.code); }
`;

interface Test { place: Place }

beforeEach<Test>((test) => { test.place = makePlace(); });
afterEach<Test>(({ place }) => place.remove());

describe.concurrent('a program', () => {
  it<Test>('sees its arguments as they are, its environment and nothing else, and no input', async ({ place }) => {
    const code = "const { readFileSync } = require('fs'); console.log(JSON.stringify({ args: process.argv.slice(1), env: process.env, cwd: process.cwd(), input: readFileSync(0, 'utf8') })); process.exitCode = 3;";
    const args = ['$HOME', '; exit 9', '*', "it's", ''], env = { ...ENV, ONE: 'of ours', EMPTY: '' };
    const end = await place.run('', { command: ['node', '-e', code, ...args], env });
    expect(end).toMatchObject({ code: 3, signal: null, stopped: null });
    const seen = JSON.parse(place.read('stdout.txt'));
    delete seen.env.__CF_USER_TEXT_ENCODING; // macOS gives it to every process
    expect(seen).toEqual({ args, env, cwd: expect.stringContaining(place.cwd), input: '' });
  });

  it<Test>('may open its streams by name, as scripts do', async ({ place }) => {
    const end = await place.run("const { appendFileSync } = require('fs'); appendFileSync('/dev/stderr', 'by name\\n'); console.log('usual');");
    expect({ code: end.code, tail: end.tail }).toEqual({ code: 0, tail: 'usual\nby name' });
    expect(place.read('stderr.txt')).toBe('by name\n');
  });

  it<Test>('that crashes leaves what it wrote and printed', async ({ place }) => {
    const end = await place.run("require('fs').writeFileSync('part.txt', 'half'); require('fs').writeSync(1, 'so far'); process.kill(process.pid, 'SIGSEGV');" + STAY);
    expect(end).toMatchObject({ code: null, signal: 'SIGSEGV', stopped: null, tail: 'so far' });
    expect(place.read('cwd/part.txt')).toBe('half');
  });

  it<Test>('is stopped when its time is over, however much it prints', async ({ place }) => {
    const end = await place.run("setInterval(() => console.log('busy'), 50);", { limits: { seconds: 1, silence: 60 } });
    expect(end).toMatchObject({ code: null, signal: 'SIGTERM', stopped: 'time' });
    expect(end.seconds).toBeGreaterThan(1);
  });

  it<Test>('that hangs is stopped', async ({ place }) => {
    const end = await place.run("console.error('waiting for a licence');" + STAY, { limits: { silence: 1 } });
    expect(end).toMatchObject({ stopped: 'silence', tail: 'waiting for a licence' });
  });

  it<Test>('is stopped when its processes together take too much memory', async ({ place }) => {
    const hog = NOTE + 'const kept = []; setInterval(() => { if (kept.length < 40) kept.push(Buffer.alloc(10e6, 1)); }, 10);';
    const end = await place.run(NOTE + startOf(hog, "{ stdio: 'inherit' }") + ';' + STAY, { limits: { memory: 250 } });
    expect(end).toMatchObject({ stopped: 'memory', signal: 'SIGKILL' });
    expect(end.peakMemory).toBeGreaterThan(250);
    expect(end.peakMemory).toBeLessThan(700);
    expect(living(place.pids())).toEqual([]);
  });

  it<Test>('that floods its output fills no disk: start and end are kept', async ({ place }) => {
    const flood = "const { writeSync } = require('fs'); const block = Buffer.alloc(1 << 20, 'x'); writeSync(1, 'first'); for (let i = 0; i < 80; i++) for (let done = 0; done < block.length; ) done += writeSync(1, block, done); writeSync(1, 'last');";
    const end = await place.run(flood);
    expect(end).toMatchObject({ code: 0, stopped: null });
    const notice = `\n[sulcus: ${15 * MIB + 9} bytes are left out here]\n`;
    expect(statSync(join(place.folder, 'stdout.txt')).size).toBe(65 * MIB + notice.length);
    const kept = readFileSync(join(place.folder, 'stdout.txt'));
    expect(kept.toString('latin1', 0, 8)).toBe('firstxxx');
    expect(kept.toString('latin1', 64 * MIB, 64 * MIB + notice.length)).toBe(notice);
    expect(kept.toString('latin1', kept.length - 8)).toBe('xxxxlast');
    expect(end.tail).toHaveLength(2000);
  });

  it<Test>('tells how far it is, and ends when it is cancelled', async ({ place }) => {
    const cancel = new AbortController(), seen: (number | null)[] = [];
    const end = await place.run("process.stderr.write('step: [ 10%]\\rstep: [ 55%]');" + STAY, {
      progress: /(\d+)%/, signal: cancel.signal, onProgress: ({ percent, bytes }) => { seen.push(percent); if (percent === 55 && bytes === 25) cancel.abort(); },
    });
    expect(end).toMatchObject({ stopped: 'cancelled', tail: 'step: [ 55%]' });
    expect(seen.at(-1)).toBe(55);
  });

  it<Test>('that was cancelled before it began does not begin', async ({ place }) => {
    expect(await place.run(NOTE, { signal: AbortSignal.abort() })).toMatchObject({ code: null, stopped: 'cancelled' });
    expect(place.pids()).toEqual([]);
  });

  it<Test>('ends with its grandchildren, also those in a session of their own that do not listen', async ({ place }) => {
    const deaf = NOTE + "process.on('SIGTERM', () => console.log('no'));" + STAY;
    const middle = NOTE + startOf(deaf, "{ detached: true, stdio: 'inherit' }") + ';' + STAY;
    const cancel = new AbortController();
    const ended = place.run(NOTE + startOf(middle, "{ stdio: 'ignore' }") + ';' + STAY, { signal: cancel.signal });
    const pids = await place.pidsOf(3);
    cancel.abort();
    expect(await ended).toMatchObject({ stopped: 'cancelled' });
    expect(living(pids)).toEqual([]);
  });

  it<Test>('leaves nobody behind when it ends by itself', async ({ place }) => {
    const child = NOTE + STAY;
    const end = await place.run(`${NOTE} ${startOf(child, "{ stdio: 'ignore' }")}.unref(); ${untilNoted(2)}`);
    expect(end).toMatchObject({ code: 0, stopped: null });
    expect(place.pids()).toHaveLength(2);
    expect(living(place.pids())).toEqual([]);
  });

  it<Test>('ends with those that it goes on to start while it is ended', async ({ place }) => {
    const cancel = new AbortController();
    const code = "let count = 0; setInterval(() => { if (count++ < 300) require('fs').writeFileSync(process.argv[1] + '/pids/' + require('child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).pid, ''); }, 5);";
    const ended = place.run(code, { signal: cancel.signal });
    await place.pidsOf(5);
    cancel.abort();
    expect(await ended).toMatchObject({ stopped: 'cancelled', signal: 'SIGTERM' });
    expect(living(place.pids())).toEqual([]);
  });

  it<Test>('waits for those that still write what it began', async ({ place }) => {
    const late = `const parent = process.ppid; ${NOTE} const wait = setInterval(() => { if (process.ppid !== parent) { console.log('late'); clearInterval(wait); } }, 5);`;
    const end = await place.run(`${startOf(late, "{ stdio: 'inherit' }")}.unref(); ${untilNoted(1)}`);
    expect(end).toMatchObject({ code: 0, stopped: null, tail: 'late' });
  });

  it.runIf(process.platform === 'linux')('is what the system ends first when memory runs out', async () => {
    const place = makePlace();
    try {
      const end = await place.run("const wait = setInterval(() => { if (Number(require('fs').readFileSync('/proc/self/oom_score_adj', 'utf8')) === 500) clearInterval(wait); }, 20);");
      expect(end).toMatchObject({ code: 0, stopped: null });
    } finally {
      place.remove();
    }
  });

  it.runIf(process.platform === 'linux')('leaves nobody behind who went into the background at once and holds its output', async () => {
    const place = makePlace();
    try {
      const end = await place.run(`${startOf(NOTE + "process.on('SIGTERM', () => 0);" + STAY, "{ detached: true, stdio: 'inherit' }")}.unref();`);
      expect(end).toMatchObject({ code: 0, stopped: null });
      expect(living(place.pids())).toEqual([]);
    } finally {
      place.remove();
    }
  });
});

describe.concurrent('a program that cannot be started', () => {
  const script = (place: Place, text: string, mode: number): string => {
    const file = join(place.folder, 'tool');
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  };
  const failure = (place: Place, command: string[], env: Record<string, string> = ENV) => place.run('', { command, env }).then(() => null, (error: { code: string; message: string }) => `${error.code}: ${error.message}`);

  it<Test>('is told in a line: not on PATH, not there, not named', async ({ place }) => {
    expect(await failure(place, ['no-such-tool'], { PATH: '/usr/bin:/bin' })).toBe('PROGRAM_MISSING: no-such-tool is not on PATH (/usr/bin:/bin)');
    expect(await failure(place, ['no-such-tool'], {})).toBe('PROGRAM_MISSING: no-such-tool is not on PATH (which is empty)');
    expect(await failure(place, ['/no/such/tool'])).toBe('PROGRAM_MISSING: /no/such/tool is not there');
    expect(await failure(place, [])).toBe('PROGRAM_MISSING: no program is named: the command is empty');
  });

  it<Test>('because it is no program that may run', async ({ place }) => {
    const path = { PATH: place.folder };
    const file = script(place, '#!/usr/bin/env node\n', 0o644);
    expect(await failure(place, ['tool'], path)).toBe(`PROGRAM_MISSING: ${file} is not executable`);
    expect(await failure(place, [file])).toBe(`PROGRAM_MISSING: ${file} is not executable`);
    script(place, 'echo a shell would run this\n', 0o755);
    expect(await failure(place, ['tool'], path)).toBe(`PROGRAM_MISSING: ${file} is neither a program for this kind of system nor a script that begins with #!`);
  });

  it<Test>('because its interpreter is missing', async ({ place }) => {
    const file = script(place, '#!/no/such/interpreter\n', 0o755);
    expect(await failure(place, [file])).toBe(`PROGRAM_MISSING: ${file} cannot be started: the interpreter in its first line, or the folder to run in, is not there`);
  });

  it<Test>('does not run out of the folder that it would run in', async ({ place }) => {
    writeFileSync(join(place.cwd, 'tool'), '#!/usr/bin/env node\n', { mode: 0o755 });
    expect(await failure(place, ['tool'], { PATH: '::.' })).toBe('PROGRAM_MISSING: tool is not on PATH (::.)');
  });
});

describe.concurrent('a version', () => {
  const version = async (code: string, pattern: string) => (await programVersion({ version: ['node', '-e', code], pattern, accept: null }, ENV)).version;

  it('is found in either stream, whatever the exit code', async () => {
    expect(await version("console.log('== tool 3.0.4 ==')", '== tool (\\S+) ==')).toBe('3.0.4');
    expect(await version("console.error('usage: ...\\nversion 5'); process.exitCode = 1", '^version (\\d+)$')).toBe('5');
  });

  it('is not made up', async () => {
    expect(await version("console.log('hello')", 'version (\\d+)')).toBeNull();
    await expect(programVersion({ version: ['no-such-tool'], pattern: '.', accept: null }, ENV)).rejects.toMatchObject({ code: 'PROGRAM_MISSING' });
  });
});

describe.concurrent('when a process is killed', () => {
  const deaf = NOTE + "process.on('SIGTERM', () => 0);" + STAY;
  const family = NOTE + startOf(deaf, "{ stdio: 'inherit' }") + ';' + startOf(deaf, "{ detached: true, stdio: 'ignore' }") + ';' + STAY;
  const startWorker = (place: Place) => spawn(process.execPath, ['--input-type=module', '-e', WORKER, place.folder, family], { stdio: ['ignore', 'pipe', 'inherit'] });

  it<Test>('the worker: nothing of its program lives on, nor the guard', async ({ place }) => {
    expect(existsSync(fileURLToPath(BUILT)), 'dist/ is built').toBe(true);
    const worker = startWorker(place);
    const pids = await place.pidsOf(3);
    const guard = parentOf(pids.find((pid) => !pids.includes(parentOf(pid)))!);
    expect(guard).not.toBe(worker.pid);
    expect(living([...pids, guard])).toHaveLength(4);
    worker.kill('SIGKILL');
    await until(() => living([...pids, guard]).length === 0, 'the end of its processes');
  });

  it<Test>('the guard: the worker ends the program and says why', async ({ place }) => {
    const worker = startWorker(place), said = text(worker.stdout);
    const pids = await place.pidsOf(3);
    const root = pids.find((pid) => !pids.includes(parentOf(pid)))!;
    process.kill(parentOf(root), 'SIGKILL');
    expect((await said).trim()).toBe('PROGRAM_GUARD_DIED');
    expect(living(pids)).toEqual([]);
  });
});

/** Logs: bounded, readable, and without anybody's identifier. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatLogLine, parseLogLine } from '../../../contracts/log-line.js';
import { pseudonymKey } from '../../../security/index.js';
import { LogFile } from '../../../workers/log-file.js';
import { Redactor } from '../../../workers/log-redact.js';
import { createLog } from '../../../workers/log.js';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'sulcus-log-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a log file', () => {
  it('is turned over at its size, keeps two older ones, and is its owner\'s alone', () => {
    const path = join(folder, 'logs', 'worker.log'), log = new LogFile(path, 1000);
    for (let i = 0; i < 100; i++) log.write(`${String(i).padStart(98, '.')}\n`);
    expect(['', '.1', '.2', '.3'].map((end) => existsSync(path + end))).toEqual([true, true, true, false]);
    for (const end of ['', '.1', '.2']) expect(statSync(path + end).size).toBeLessThanOrEqual(1000);
    expect(readFileSync(path, 'utf8').trimEnd().split('\n').at(-1)).toContain('.99');
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('takes the lines of two writers whole, whoever turns it over', () => {
    const path = join(folder, 'worker.log'), writers = [new LogFile(path, 2000), new LogFile(path, 2000)];
    for (let i = 0; i < 45; i++) writers[i % 2]?.write(`${JSON.stringify({ i, filler: 'x'.repeat(80) })}\n`);
    const lines = ['.2', '.1', ''].flatMap((end) => readFileSync(path + end, 'utf8').trimEnd().split('\n')).map((l) => (JSON.parse(l) as { i: number }).i);
    expect(lines).toEqual(Array.from({ length: lines.length }, (_, i) => 45 - lines.length + i));
    expect(lines.length).toBeGreaterThan(40);
  });
});

describe('redaction', () => {
  const key = new Uint8Array(32);

  it('replaces known identifiers wherever they stand, by the same pseudonym, and leaves the rest', () => {
    const r = new Redactor(key);
    r.learn(['TKY-001', '12', 'sub_9.a']);
    expect(r.redact('fits of TKY-001 and tky-001, not TKY-0011')).toBe(`fits of ${r.pseudonym('TKY-001')} and ${r.pseudonym('TKY-001')}, not TKY-0011`);
    expect(r.redact('TKY_12_left.txt line 4')).toBe(`TKY_${r.pseudonym('12')}_left.txt line 4`);
    expect(r.redact('sub_9.a, 112')).toBe(`${r.pseudonym('sub_9.a')}, 112`);
  });

  it('leaves paths out, but for those of the state folder', () => {
    const r = new Redactor(key, [{ folder: '/srv/acc/.sulcus', label: '<state>' }]);
    expect(r.redact("ENOTDIR: not a directory, stat '/srv/acc/Jane Doe/left.txt'")).toBe("ENOTDIR: not a directory, stat '<path>'");
    expect(r.redact('tokyo/civet/p01/left.txt: line 3 is empty')).toBe('<path>: line 3 is empty');
    expect(r.redact("ENOSPC: no space, write '/srv/acc/.sulcus/store/fit/ab'")).toBe("ENOSPC: no space, write '<state>/store/fit/ab'");
  });

  it('holds for any identifier in any text', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,11}[A-Za-z0-9]$/);
    fc.assert(fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 5 }), fc.array(fc.string(), { minLength: 1, maxLength: 6 }), fc.nat(), (ids, words, at) => {
      const r = new Redactor(key);
      r.learn(ids);
      const id = ids[at % ids.length] as string;
      const text = [...words.slice(0, at % words.length), id, ...words.slice(at % words.length)].join(' ');
      // What is left may hold the id only inside another word or a pseudonym.
      const left = r.redact(text).replaceAll(/<subject [0-9a-f]{8}>/g, ' ').match(/[\p{L}\p{N}]+(?:[_.-]+[\p{L}\p{N}]+)*/gu) ?? [];
      expect(left.map((w) => w.toLowerCase())).not.toContain(id.toLowerCase());
    }), { seed: 1 });
  });

  it('has pseudonyms that differ from state folder to state folder', () => {
    const a = new Redactor(pseudonymKey(join(folder, 'a'))), again = new Redactor(pseudonymKey(join(folder, 'a'))), b = new Redactor(pseudonymKey(join(folder, 'b')));
    expect(a.pseudonym('TKY-001')).toBe(again.pseudonym('TKY-001'));
    expect(a.pseudonym('TKY-001')).not.toBe(b.pseudonym('TKY-001'));
    expect(statSync(join(folder, 'a', 'pseudonym-key')).mode & 0o077).toBe(0);
  });

  it('reaches every field and message of a log line, numbers excepted, unless identifiers are asked for', () => {
    const lines: string[] = [], sink = { write: (line: string): void => { lines.push(line); } };
    const redactor = new Redactor(key);
    redactor.learn(['TKY-001']);
    const say = (log: ReturnType<typeof createLog>): void => log.warn({ cohort: 'tokyo', rank: 4, failure: 'TKY-001 is short', nested: { list: ['a TKY-001'] }, subject: 'somebody', err: new Error('TKY-001') }, 'about TKY-001');
    say(createLog({ name: 't', sinks: [sink], redactor }));
    say(createLog({ name: 't', sinks: [sink], redactor: null }));
    expect(lines[0]).not.toContain('TKY-001');
    expect(lines[0]).not.toContain('somebody');
    expect(parseLogLine(lines[0] as string)).toMatchObject({ level: 40, cohort: 'tokyo', rank: 4, failure: `${redactor.pseudonym('TKY-001')} is short`, msg: `about ${redactor.pseudonym('TKY-001')}` });
    expect(lines[1]).toContain('about TKY-001');
  });
});

describe('a line for the terminal', () => {
  it('says when, where and what, on one line', () => {
    const line = { level: 40, time: Date.UTC(2026, 0, 2, 3, 4, 5, 6), msg: 'activity failed', workflowId: 'acc-trs/tokyo', runId: 'r', cohort: 'tokyo', activity: 'factorize', attempt: 2, seconds: 1.5, failure: 'no\nluck\x1b[2J', code: 'BAD', pid: 1, hostname: 'h', name: 'n' };
    expect(formatLogLine(line)).toBe('03:04:05.006 warn  acc-trs/tokyo · factorize · attempt 2: activity failed: no luck [2J [BAD] seconds=1.5');
  });

  it('is made of lines of ours only', () => {
    expect(parseLogLine('thread panicked at …')).toBeNull();
    expect(parseLogLine('null')).toBeNull();
    expect(parseLogLine('{"level":30}')).toBeNull();
  });
});

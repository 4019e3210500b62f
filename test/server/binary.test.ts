import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTemporal, TemporalNotFoundError } from '../../client/temporal/index.js';
import { cachedBinary } from '../../client/temporal/tools.js';

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sulcus-binary-'));
  env = { PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(':'), HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(path: string, output: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${output}\n`);
  chmodSync(path, 0o755);
  return path;
}

const says = (server: string): string => `echo 'temporal version 9.9.9 (Server ${server}, UI 2.42.1)'`;

describe('the Temporal binary', () => {
  it('is the one on PATH, before one that was built', async () => {
    const path = program(join(folder, 'bin', 'temporal'), says('1.29.1'));
    program(cachedBinary(env), says('1.29.1'));
    expect(await findTemporal({ env })).toEqual({ path, source: 'path', version: '9.9.9 (Server 1.29.1, UI 2.42.1)' });
  });

  it.each([
    ['an older server', says('1.9.2')],
    ['another program', 'echo hello'],
    ['a broken one', 'exit 3'],
  ])('is not %s: the built one is used', async (_, output) => {
    program(join(folder, 'bin', 'temporal'), output);
    const path = program(cachedBinary(env), says('1.29.1'));
    expect(await findTemporal({ env })).toMatchObject({ path, source: 'go-build' });
  });

  it('says in a line each what was tried when there is none', async () => {
    program(join(folder, 'bin', 'temporal'), says('1.9.2'));
    program(join(folder, 'bin', 'go'), "echo 'go1.20.1'; echo local");
    // Neither a download nor a build can work here: no proxy for either, and a Go that is too old.
    const error = await findTemporal({ env: { ...env, HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' } }).catch((e: unknown) => e);
    if (!(error instanceof TemporalNotFoundError)) throw error;
    expect(error.attempts).toEqual([
      `${join(folder, 'bin', 'temporal')}: its server 1.9.2 is older than 1.25.0`,
      expect.stringMatching(/^download by the SDK: ./),
      expect.stringMatching(/^build with Go: go1.20.1 is too old and GOTOOLCHAIN=local forbids a newer one/),
    ]);
    expect(error.remedy).toContain('PATH');
  });
});

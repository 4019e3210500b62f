/** A real S3 server for tests: versitygw over a folder, built once with Go and kept in the user's cache folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../client/temporal/ports.js';

const ACCESS = 'sulcus-test', SECRET = 'sulcus-test-secret';

/** What the S3 client of this process and of its children uses. */
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: ACCESS, AWS_SECRET_ACCESS_KEY: SECRET };

export interface Gateway {
  port: number;
  /** Where the gateway keeps its buckets: objects are files in it. */
  folder: string;
  /** Makes a bucket: a folder of the gateway. */
  bucket(name: string): void;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Again on the same port. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

interface Builds {
  versions: { gateway: object };
  goPrograms(name: string, pinned: object): Promise<{ paths: Record<string, string> }>;
}

export async function startGateway(): Promise<Gateway> {
  const builds = (await import(new URL('../../tools/rehearse/builds.mjs', import.meta.url).href)) as Builds;
  const program = (await builds.goPrograms('versitygw', builds.versions.gateway)).paths['versitygw'] as string;
  const folder = await mkdtemp(join(tmpdir(), 'sulcus-s3-')), port = await freePort(null);
  let child: ChildProcess | null = null;
  const gateway: Gateway = {
    port, folder,
    bucket: (name) => mkdirSync(join(folder, name), { recursive: true }),
    async kill() {
      const running = child;
      if (running === null) return;
      child = null;
      const end = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGKILL');
      await end;
    },
    async start() {
      let said = '';
      child = spawn(program, ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', folder], { env: { PATH: process.env['PATH'], ROOT_ACCESS_KEY: ACCESS, ROOT_SECRET_KEY: SECRET }, stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (d: Buffer) => { said += d.toString(); });
      for (const end = Date.now() + 30_000; ; await pause(50)) {
        if (await fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false)) return;
        if (child.exitCode !== null || Date.now() > end) throw new Error(`the S3 gateway does not start: ${said}`);
      }
    },
    async remove() {
      await gateway.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await gateway.start();
  return gateway;
}

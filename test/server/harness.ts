import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stopServer } from '../../client/temporal/index.js';
import { packageRoot } from '../../client/temporal/tools.js';

export interface Owner {
  process: ChildProcess;
  server: { address: string; adopted: boolean; pid: number };
  /** Ends the owner as a command ends: it lets go of the server. */
  leave(): Promise<void>;
}

/** Starts test/server/owner.mjs (plain Node, with the built code) on a state folder and waits until it has the server. */
export async function startOwner(state: string): Promise<Owner> {
  const script = join(packageRoot(), 'test', 'server', 'owner.mjs');
  const child = spawn(process.execPath, [script, state], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', (code) => reject(new Error(`the owner ended with ${code ?? 'a signal'} before it had the server`)));
  });
  return {
    process: child,
    server: JSON.parse(line) as Owner['server'],
    leave: () => {
      child.stdin.end();
      return ended;
    },
  };
}

/** A state folder of its own, and its end: server stopped, folder gone. */
export function temporaryState(): { state: string; remove(): Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'sulcus-server-'));
  const state = join(folder, 'state');
  return {
    state,
    remove: async () => {
      await stopServer(state);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

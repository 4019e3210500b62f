/** `sulcus codec-server`: lets a signed-in person read encrypted payloads in the Temporal UI. */
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Command } from 'commander';
import { SulcusError } from '../../contracts/errors.js';
import { createCodecServer, EncryptionCodec, keysOf, type AuditLine } from '../../security/index.js';
import { action, wholeNumber, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { runningServer, stateDirectory } from '../temporal/index.js';

interface Options {
  port: number;
  host: string;
  origin: string[];
  audit?: string;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export function registerCodecServer(program: Command): void {
  program.command('codec-server')
    .description('decrypt payloads for the Temporal UI, for whoever has the token (SULCUS_CODEC_TOKEN, else one is made), until Ctrl-C')
    .option('--port <port>', 'port to listen on; 0: any free one', wholeNumber('--port', 0), 8081)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--origin <url>', 'origin of a UI that may ask (may be repeated; default: the UI of the embedded server of this state folder)', (one: string, all: string[]) => [...all, one], [])
    .option('--audit <file>', 'append a line for every request there, too (they go to stderr); none has contents')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  SULCUS_KEY_FILE=~/sulcus.keys sulcus codec-server --origin https://temporal.lab.example')
    .action(action(serve));
}

async function serve({ console, interrupted }: Run, options: Options): Promise<number> {
  const keys = keysOf();
  if (keys === null) throw new SulcusError('NO_KEYS', 'a codec server needs the keys', { remedy: 'set SULCUS_KEY_FILE or SULCUS_KEYS; make one with `sulcus keys new`' });
  const given = process.env['SULCUS_CODEC_TOKEN'] ?? '', token = given === '' ? randomBytes(24).toString('base64url') : given;
  const origins = options.origin.length > 0 ? options.origin : embeddedUi();
  const audit = (line: AuditLine): void => {
    const text = JSON.stringify(line);
    process.stderr.write(`${text}\n`);
    if (options.audit !== undefined) appendFileSync(options.audit, `${text}\n`, { mode: 0o600 });
  };
  const server = createCodecServer({ codec: new EncryptionCodec(keys), token, origins, audit });
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(options.port, options.host, resolve); }).catch((cause: unknown) => {
    throw new SulcusError('CODEC_PORT_UNUSABLE', `the codec server cannot listen on ${options.host}:${options.port}: ${cause instanceof Error ? cause.message : String(cause)}`, { remedy: 'give --port another number', cause });
  });
  const { port } = server.address() as AddressInfo, url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  console.say(`codec server at ${url} for ${origins.join(', ')}`);
  if (given === '') console.say(`its token, until it ends: ${token}`);
  console.say(`In the UI: eyeglasses, "codec endpoint" ${url}, "include cross-origin credentials"; sign in once at ${url}/signin. Ctrl-C ends it.`);
  if (!LOOPBACK.has(options.host)) console.note('sulcus: this address is reached from other machines, without encryption on the way: put a proxy with TLS before it');
  console.answer({ url, origins, keys: keys.ids, ...(given === '' ? { token } : {}) });
  await new Promise<void>((resolve) => { if (interrupted.aborted) resolve(); else interrupted.addEventListener('abort', () => resolve(), { once: true }); });
  await new Promise<void>((resolve) => { server.close(() => resolve()); server.closeAllConnections(); });
  return EXIT.done;
}

function embeddedUi(): string[] {
  const running = runningServer(stateDirectory(null));
  if (running === null) throw new SulcusError('NO_ORIGIN', 'whose UI may ask is not known: no embedded server runs here', { remedy: 'name the UI\'s origin: --origin http://127.0.0.1:8233' });
  return [`http://127.0.0.1:${running.uiPort}`];
}

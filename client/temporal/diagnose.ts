/** Why a server that does not answer does not: gRPC tries until its deadline and does not say what was wrong with the last attempt. */
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { ForeignServer } from './settings.js';

const PATIENCE_MS = 3_000;
/** With TLS 1.3 a server refuses a client's certificate only after the handshake. */
const AFTERTHOUGHT_MS = 500;

/** One line. What the server itself said when it answered, else what a connection of our own comes upon, else what gRPC says. */
export async function whyUnreachable({ address, connectionOptions }: Pick<ForeignServer, 'address' | 'connectionOptions'>, cause: unknown): Promise<string> {
  const said = answerIn(cause);
  if (said !== null) return said;
  const url = URL.canParse(`tcp://${address}`) ? new URL(`tcp://${address}`) : null;
  if (url !== null && url.port !== '') {
    const place = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
    const tls = connectionOptions.tls, unreachable = await attempt(connectTcp(place), 'connect', 0);
    if (unreachable !== null) return unreachable;
    if (tls === undefined || tls === null || tls === false) {
      if ((await attempt(connectTls({ ...place, ALPNProtocols: ['h2'], rejectUnauthorized: false }), 'secureConnect', 0)) === null) return 'it wants TLS, and this connection has none (TEMPORAL_TLS, or tls in the profile)';
    } else {
      const given = tls === true ? {} : tls, name = given.serverNameOverride ?? place.host;
      const options: ConnectionOptions = {
        ...place, ALPNProtocols: ['h2'], ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }), ...(given.serverRootCACertificate == null ? {} : { ca: Buffer.from(given.serverRootCACertificate) }),
        ...(given.clientCertPair == null ? {} : { cert: Buffer.from(given.clientCertPair.crt), key: Buffer.from(given.clientCertPair.key) }),
      };
      try {
        const refused = await attempt(connectTls(options), 'secureConnect', AFTERTHOUGHT_MS);
        if (refused !== null) return `no TLS connection: ${refused}`;
      } catch (error) {
        return `no TLS connection: the certificate or its key cannot be used (${lineOf(error)})`;
      }
    }
  }
  return lineOf(cause);
}

/** Null when it stands, else the error on one line. */
function attempt(socket: ReturnType<typeof connectTcp>, event: 'connect' | 'secureConnect', linger: number): Promise<string | null> {
  return new Promise((resolve) => {
    const end = (found: string | null): void => { clearTimeout(timer); socket.removeAllListeners(event); socket.on('error', () => undefined).destroy(); resolve(found); };
    const timer = setTimeout(() => end(`no answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    socket.once('error', (error) => end(lineOf(error)));
    socket.once(event, () => {
      if (linger === 0) { end(null); return; }
      setTimeout(() => end(null), linger);
      socket.resume().once('close', () => end('the server closes it: the client\'s certificate is missing or refused'));
    });
  });
}

/** Of OpenSSL's lines, what a person can use. */
function lineOf(error: unknown): string {
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { code: undefined, message: String(error) };
  const alert = /^ERR_SSL_(?:TLSV1\d?|SSLV3)_ALERT_(\w+)$/.exec(code ?? '')?.[1];
  return alert === undefined ? (message.split('\n')[0] ?? '') : `the server refuses the client's certificate (${alert.replaceAll('_', ' ').toLowerCase()})`;
}

/** What a server that was reached answered, in the innermost of the errors; null: none was. */
function answerIn(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const inner = answerIn(error.cause), { details, code } = error as Error & { details?: unknown; code?: unknown };
  if (inner !== null) return inner;
  // UNAVAILABLE (14) and DEADLINE_EXCEEDED (4) are gRPC's own, not the server's.
  return typeof details === 'string' && details !== '' && code !== 14 && code !== 4 ? (details.split('\n')[0] ?? null) : null;
}

/**
 * The codec server: decrypts payloads for the Temporal UI (and its command line), for whoever has the token. It listens on one address, answers one
 * origin or a few named ones, and never writes down what it decrypts.
 *
 * The UI passes a token of its own only when the codec server is reached by https; on the loopback interface a person signs in once with the token, and
 * the browser then sends a cookie (the UI's switch "include cross-origin credentials"). A cookie is of use to the named origins only: every
 * decoding needs an Origin that is allowed, and the cookie is SameSite=Strict.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { SulcusError } from '../contracts/errors.js';
import { signInPage } from './sign-in.js';

export interface CodecServerOptions {
  codec: PayloadCodec;
  token: string;
  /** Exact origins of UIs, such as `http://127.0.0.1:8233`. */
  origins: readonly string[];
  /** Bytes a request may have. Default 8 MiB; Temporal's own limit for an event is 2 MiB. */
  bodyLimit?: number;
  /** One line for every request that is decided on; never a payload, a token or a name in one. */
  audit: (line: AuditLine) => void;
}

export interface AuditLine {
  at: string;
  /** decode, encode or signin. */
  operation: string;
  status: number;
  /** Of payloads decoded; 0 when refused. */
  payloads: number;
  namespace: string | null;
  origin: string | null;
  /** How the caller proved who it is: `token`, `cookie`; null: it did not. */
  by: 'token' | 'cookie' | null;
  remote: string;
  /** Code of the refusal. */
  refused: string | null;
}

const BODY_LIMIT = 8 * 2 ** 20;
const COOKIE = 'sulcus_codec';
const COOKIE_SECONDS = 12 * 3600;
const HEADERS = 'authorization, authorization-extras, content-type, x-namespace';
const SHORTEST_TOKEN = 16;

class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, message: string) { super(message); }
}

/** The server, not listening yet. Throws WEAK_TOKEN, BAD_ORIGIN. */
export function createCodecServer(options: CodecServerOptions): Server {
  const { token, origins, audit, bodyLimit = BODY_LIMIT } = options;
  if (token.length < SHORTEST_TOKEN) throw new SulcusError('WEAK_TOKEN', `the codec server's token has ${token.length} characters`, { remedy: `give one of at least ${SHORTEST_TOKEN}` });
  for (const origin of origins) if (!isOrigin(origin)) throw new SulcusError('BAD_ORIGIN', `"${origin}" is no origin`, { remedy: 'give scheme, host and port as the browser shows them: http://127.0.0.1:8233' });
  const session = createHmac('sha256', randomBytes(32)).update(token).digest('base64url');

  const proof = (request: IncomingMessage): AuditLine['by'] => {
    if (same(/^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1], token)) return 'token';
    return same(cookieOf(request), session) ? 'cookie' : null;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://codec');
    const operation = pathname.slice(1), remote = request.socket.remoteAddress ?? '', origin = request.headers.origin ?? null, allowed = origin !== null && origins.includes(origin);
    if (allowed) response.setHeader('Access-Control-Allow-Origin', origin).setHeader('Access-Control-Allow-Credentials', 'true');
    response.setHeader('Vary', 'Origin').setHeader('Cache-Control', 'no-store').setHeader('X-Content-Type-Options', 'nosniff');
    if (request.method === 'OPTIONS') {
      if (allowed) response.setHeader('Access-Control-Allow-Methods', 'POST, OPTIONS').setHeader('Access-Control-Allow-Headers', HEADERS).setHeader('Access-Control-Max-Age', '600');
      response.writeHead(allowed ? 204 : 403).end();
      return;
    }
    if (request.method === 'GET' && (operation === 'signin' || operation === '')) { signInPage(response, false); return; }
    const by = proof(request);
    const line = (status: number, payloads: number, refused: string | null): void => audit({
      at: new Date().toISOString(), operation: ['decode', 'encode', 'signin'].includes(operation) ? operation : 'unknown', status, payloads,
      namespace: word(request.headers['x-namespace']), origin: word(origin ?? undefined), by, remote, refused,
    });
    try {
      if (operation === 'signin' && request.method === 'POST') {
        if (!same(new URLSearchParams((await bodyOf(request, 4096)).toString('utf8')).get('token') ?? undefined, token)) { line(401, 0, 'BAD_TOKEN'); signInPage(response, true); return; }
        line(200, 0, null);
        response.setHeader('Set-Cookie', `${COOKIE}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_SECONDS}`);
        response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`Signed in for ${COOKIE_SECONDS / 3600} hours. This page can be closed.\n`);
        return;
      }
      if (operation !== 'decode' && operation !== 'encode') throw new Refusal(404, 'NOT_FOUND', 'POST /decode or /encode');
      if (request.method !== 'POST') throw new Refusal(405, 'BAD_METHOD', `POST /${operation}`);
      if (origin !== null && !allowed) throw new Refusal(403, 'ORIGIN_REFUSED', 'this origin may not decode');
      if (by === null) throw new Refusal(401, 'UNAUTHORIZED', 'a token is needed');
      // A browser names the origin with every POST; who has only a cookie and does not is no browser.
      if (by === 'cookie' && origin === null) throw new Refusal(403, 'ORIGIN_REFUSED', 'a cookie needs an origin');
      const payloads = payloadsOf(await bodyOf(request, bodyLimit));
      const coded = await options.codec[operation](payloads).catch((error: unknown) => { throw new Refusal(422, error instanceof SulcusError ? error.code : 'NOT_DECODED', error instanceof SulcusError ? error.message : 'the payloads cannot be decoded'); });
      line(200, payloads.length, null);
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ payloads: coded.map(toJson) }));
    } catch (error) {
      const { status, code, message } = error instanceof Refusal ? error : new Refusal(500, 'UNEXPECTED', 'the request could not be answered');
      line(status, 0, code);
      if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="sulcus codec server"');
      if (status === 413) response.setHeader('Connection', 'close');
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ code, message }));
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  return server;
}

function isOrigin(text: string): boolean {
  try {
    const url = new URL(text);
    return url.origin === text && /^https?:$/.test(url.protocol);
  } catch {
    return false;
  }
}

/** Compared in constant time. */
function same(given: string | undefined, wanted: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'sulcus').update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(wanted));
}

function cookieOf({ headers }: IncomingMessage): string | undefined {
  return (headers.cookie ?? '').split(/;\s*/).find((one) => one.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}

/** Text of a header for the audit line: of bounded length, on one line. */
function word(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header.replace(/[^\x20-\x7e]/g, '?').slice(0, 200) : null;
}

/** What comes after the limit is not kept; the answer is given at once, and closes the connection. */
function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = Number(request.headers['content-length'] ?? 0) > limit ? Infinity : 0;
    const take = (part: Buffer): void => {
      size += part.length;
      if (size <= limit) { parts.push(part); return; }
      parts.length = 0;
      reject(new Refusal(413, 'TOO_LARGE', `a request may have ${limit} bytes`));
    };
    request.on('data', take).once('end', () => resolve(Buffer.concat(parts))).once('error', () => reject(new Refusal(400, 'BAD_BODY', 'the body did not arrive')));
    take(Buffer.alloc(0));
  });
}

interface JsonPayload {
  metadata?: Record<string, string> | null;
  data?: string | null;
}

/** Protobuf's JSON: bytes are base64. */
function payloadsOf(body: Buffer): Payload[] {
  try {
    const { payloads } = JSON.parse(body.toString('utf8')) as { payloads: JsonPayload[] };
    return payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64')])), data: Buffer.from(data ?? '', 'base64'),
    }));
  } catch {
    throw new Refusal(400, 'BAD_BODY', 'the body is not {"payloads": [{"metadata": {…}, "data": "…"}]}');
  }
}

function toJson({ metadata, data }: Payload): JsonPayload {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  return { metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])), data: base64(data ?? new Uint8Array()) };
}

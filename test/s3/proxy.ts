/** A proxy before the S3 server that spoils calls as networks and overloaded servers do. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * - 500, 503: an answer of the server, nothing done. reset: the connection breaks before the request arrives.
 * - lost: the request is done, and the connection breaks before the answer. truncated: half of the answer's body comes.
 */
export type Fault = '500' | '503' | 'reset' | 'lost' | 'truncated' | null;

export interface Proxy {
  port: number;
  /** Calls since the last `plan`. */
  calls(): number;
  /** Which calls are spoilt, from 1; calls are counted anew. */
  plan(fault: (call: number, method: string) => Fault): void;
  close(): Promise<void>;
}

export async function startProxy(target: number): Promise<Proxy> {
  let calls = 0, plan: (call: number, method: string) => Fault = () => null;
  const server = createServer((asked, answer) => {
    const fault = plan(++calls, asked.method ?? '');
    if (fault === 'reset') { asked.socket.resetAndDestroy(); return; }
    if (fault === '500' || fault === '503') {
      asked.resume().once('end', () => answer.writeHead(Number(fault), { 'content-type': 'application/xml', connection: 'close' }).end(`<?xml version="1.0"?><Error><Code>${fault === '503' ? 'SlowDown' : 'InternalError'}</Code><Message>spoilt</Message></Error>`));
      return;
    }
    const onward = request({ port: target, host: '127.0.0.1', method: asked.method, path: asked.url, headers: asked.headers, agent: false }, (got) => pass(got, answer, fault));
    onward.on('error', () => asked.socket.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    calls: () => calls,
    plan: (next) => { plan = next; calls = 0; },
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}

function pass(got: IncomingMessage, answer: ServerResponse, fault: Fault): void {
  const parts: Buffer[] = [];
  got.on('data', (part: Buffer) => parts.push(part)).once('end', () => {
    const body = Buffer.concat(parts);
    if (fault === 'lost') { answer.socket?.resetAndDestroy(); return; }
    answer.writeHead(got.statusCode ?? 502, got.headers);
    if (fault === null || body.length < 2) answer.end(body);
    else answer.write(body.subarray(0, body.length >> 1), () => answer.socket?.resetAndDestroy());
  });
}

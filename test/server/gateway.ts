/** A gateway with TLS before a Temporal server that has none: HTTP/2 in, with client certificates or API keys demanded, HTTP/2 in the clear out to the loopback interface. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createSecureServer, constants } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface Certificates {
  ca: string;
  server: Pair;
  client: Pair;
  /** Of an authority that nobody trusts. */
  stranger: Pair;
}

interface Pair {
  cert: string;
  key: string;
}

/** Files in `folder`, made by openssl. */
export function makeCertificates(folder: string): Certificates {
  const openssl = (...args: string[]): void => { execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' }); };
  const file = (name: string): string => join(folder, name);
  const authority = (name: string): void => openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`);
  const signed = (name: string, by: string, extension: string): Pair => {
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    writeFileSync(file(`${name}.ext`), extension);
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.pem`);
    return { cert: file(`${name}.pem`), key: file(`${name}.key`) };
  };
  authority('ca');
  authority('elsewhere');
  return {
    ca: file('ca.pem'), server: signed('server', 'ca', 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n'),
    client: signed('client', 'ca', 'extendedKeyUsage=clientAuth\n'), stranger: signed('stranger', 'elsewhere', 'extendedKeyUsage=clientAuth\n'),
  };
}

export interface Gateway {
  /** host:port */
  address: string;
  close(): Promise<void>;
}

export interface GatewayOptions {
  /** Port of the server behind. */
  to: number;
  certificates: Certificates;
  /** Demand a certificate of the authority `ca`. */
  clientCertificates?: boolean;
  /** Demand this key in `authorization`. */
  apiKey?: string;
}

export async function startGateway({ to, certificates: { ca, server: pair }, clientCertificates = false, apiKey }: GatewayOptions): Promise<Gateway> {
  const behind = connect(`http://127.0.0.1:${to}`);
  behind.on('error', () => undefined); // its streams say so
  const server = createSecureServer({ cert: readFileSync(pair.cert), key: readFileSync(pair.key), ca: readFileSync(ca), requestCert: clientCertificates, rejectUnauthorized: clientCertificates });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => { sessions.add(session); session.once('close', () => sessions.delete(session)); });
  server.on('sessionError', () => undefined);
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined); // a caller that leaves
    if (apiKey !== undefined && headers['authorization'] !== `Bearer ${apiKey}`) {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16', 'grpc-message': 'Request unauthorized.' }, { endStream: true });
      return;
    }
    const { ':authority': _authority, ':scheme': _scheme, ...others } = headers;
    const onward = behind.request({ ...others, ':scheme': 'http' });
    onward.on('error', () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    let trailers = {};
    onward.on('trailers', (given) => { trailers = plain(given); });
    onward.on('response', (answer) => {
      stream.respond(plain(answer), { waitForTrailers: true });
      onward.pipe(stream);
    });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.on('close', () => onward.close());
    stream.pipe(onward);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    address: `localhost:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => { for (const session of sessions) session.destroy(); behind.destroy(); server.close(() => resolve()); }),
  };
}

/** Without what belongs to one connection. */
function plain(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string' || typeof entry[1] === 'number'));
}

/** Servers that demand TLS, client certificates or API keys, named by a profile or variables of the environment. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acquireServer, openTemporal, type AcquiredServer } from '../../client/temporal/index.js';
import { makeCertificates, startGateway, type Certificates, type Gateway } from './gateway.js';
import { temporaryState } from './harness.js';

const PATIENCE = 120_000, KEY = 'key-of-the-lab';
const folder = mkdtempSync(join(tmpdir(), 'sulcus-tls-')), { state, remove } = temporaryState();
let certificates: Certificates, server: AcquiredServer, mutual: Gateway, keyed: Gateway;

beforeAll(async () => {
  certificates = makeCertificates(folder);
  server = await acquireServer(state);
  const to = Number(server.address.split(':')[1]);
  mutual = await startGateway({ to, certificates, clientCertificates: true });
  keyed = await startGateway({ to, certificates, apiKey: KEY });
}, PATIENCE);
afterAll(async () => {
  await mutual.close();
  await keyed.close();
  await server.release();
  await remove();
  rmSync(folder, { recursive: true, force: true });
}, PATIENCE);

const bare = { HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent' };
const withCertificate = ({ cert, key }: { cert: string; key: string }, ca = certificates.ca): NodeJS.ProcessEnv => ({
  ...bare, TEMPORAL_ADDRESS: mutual.address, TEMPORAL_TLS_CLIENT_CERT_PATH: cert, TEMPORAL_TLS_CLIENT_KEY_PATH: key, TEMPORAL_TLS_SERVER_CA_CERT_PATH: ca,
});
const withKey = (key: string): NodeJS.ProcessEnv => ({ ...bare, TEMPORAL_ADDRESS: keyed.address, TEMPORAL_API_KEY: key, TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificates.ca });

/** As a command opens the server, and as a worker does. */
async function reached(env: NodeJS.ProcessEnv): Promise<void> {
  const temporal = await openTemporal(state, { env });
  expect(temporal.embedded).toBe(false);
  const connection = await NativeConnection.connect(temporal.connectionOptions);
  try {
    const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace: temporal.namespace });
    expect(namespaceInfo?.name).toBe('default');
  } finally {
    await connection.close();
  }
}

/** One line, with the address and what to do. */
async function refused(env: NodeJS.ProcessEnv, address: string, why: RegExp): Promise<void> {
  const error = await openTemporal(state, { env }).then(() => null, (caught: unknown) => caught as Error & { code: string; remedy: string });
  expect(error?.code).toBe('server-unreachable');
  expect(error?.message).toContain(address);
  expect(error?.message).toMatch(why);
  expect(error?.message).not.toContain('\n');
  expect(error?.remedy).toMatch(/TEMPORAL_/);
}

describe('client certificates', () => {
  it('of the right authority are let in, by variables and by a profile', async () => {
    await reached(withCertificate(certificates.client));
    const file = join(folder, 'temporal.toml'), { cert, key } = certificates.client;
    writeFileSync(file, `[profile.lab]\naddress = "${mutual.address}"\n[profile.lab.tls]\nclient_cert_path = "${cert}"\nclient_key_path = "${key}"\nserver_ca_cert_path = "${certificates.ca}"\n`);
    await reached({ ...bare, TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'lab' });
  }, PATIENCE);

  it('that are missing or of another authority are refused in one line', async () => {
    const { TEMPORAL_TLS_CLIENT_CERT_PATH: _cert, TEMPORAL_TLS_CLIENT_KEY_PATH: _key, ...none } = withCertificate(certificates.client);
    await Promise.all([refused(withCertificate(certificates.stranger), mutual.address, /certificate/i), refused(none, mutual.address, /certificate/i)]);
  }, PATIENCE);

  it('do not make up for a server whose own certificate is not trusted, or for speaking without TLS', async () => {
    await Promise.all([
      refused(withCertificate(certificates.client, certificates.stranger.cert), mutual.address, /certificate/i),
      refused({ ...bare, TEMPORAL_ADDRESS: mutual.address }, mutual.address, /TLS/),
    ]);
  }, PATIENCE);

  it('whose file is not there are missed by name', async () => {
    await expect(openTemporal(state, { env: withCertificate({ ...certificates.client, cert: '/nonexistent/client.pem' }) })).rejects.toMatchObject({ code: 'temporal-settings', message: expect.stringContaining('/nonexistent/client.pem') });
  });
});

describe('an API key', () => {
  it('is sent with every call, over TLS', async () => {
    await reached(withKey(KEY));
  }, PATIENCE);

  it('that is wrong is refused in one line, without the key in it', async () => {
    await refused(withKey('wrong-key'), keyed.address, /unauthorized/i);
    const error = await openTemporal(state, { env: withKey('wrong-key') }).catch((caught: unknown) => caught as Error);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('wrong-key');
  }, PATIENCE);
});

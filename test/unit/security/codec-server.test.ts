/** The codec server over HTTP: who may ask, from where, how much, and what is written down. */
import type { Server } from 'node:http';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCodecServer, EncryptionCodec, newKeyText, parseKeys, type AuditLine } from '../../../security/index.js';

const TOKEN = 'a-token-of-the-lab-42', UI = 'http://127.0.0.1:8233', LIMIT = 10_000;
const codec = new EncryptionCodec(parseKeys(newKeyText(), 'test'));
const lines: AuditLine[] = [];
let server: Server, base: string, body: string;

beforeAll(async () => {
  server = createCodecServer({ codec, token: TOKEN, origins: [UI, 'https://temporal.lab'], bodyLimit: LIMIT, audit: (line) => lines.push(line) });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sealed = await codec.encode([defaultPayloadConverter.toPayload({ subject: 'sub-TKY001' }), defaultPayloadConverter.toPayload('TRS')]);
  const base64 = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64');
  body = JSON.stringify({ payloads: sealed.map(({ metadata, data }) => ({ metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([k, v]) => [k, base64(v)])), data: base64(data) })) });
});
beforeEach(() => { lines.length = 0; });
afterAll(() => { server.close(); });

const bearer = { authorization: `Bearer ${TOKEN}` }, json = { 'content-type': 'application/json', 'x-namespace': 'default' };
const post = (path: string, headers: Record<string, string> = {}, text = body): Promise<Response> => fetch(`${base}${path}`, { method: 'POST', headers: { ...json, ...headers }, body: text });
const texts = async (response: Response): Promise<string[]> => ((await response.json()) as { payloads: { data: string }[] }).payloads.map(({ data }) => Buffer.from(data, 'base64').toString());

describe('decoding', () => {
  it('is for whoever has the token', async () => {
    const response = await post('/decode?preserveStorageRefs=true', { ...bearer, origin: UI });
    expect(response.status).toBe(200);
    expect(await texts(response)).toEqual(['{"subject":"sub-TKY001"}', '"TRS"']);
    expect((await post('/decode', bearer)).status).toBe(200);
  });

  it('is refused without, with a wrong, an empty and an almost right one', async () => {
    for (const headers of [{}, { authorization: 'x' }, { authorization: '' }, { authorization: 'Bearer ' }, { authorization: `Bearer ${TOKEN}x` }, { authorization: `Bearer ${TOKEN.slice(0, -1)}` }, { authorization: TOKEN }, { authorization: `Basic ${btoa(`x:${TOKEN}`)}` }, { cookie: `sulcus_codec=${TOKEN}` }] as Record<string, string>[]) {
      const response = await post('/decode', headers);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="sulcus codec server"']);
      expect(await response.text()).not.toContain('TKY');
    }
  });

  it('answers the origins it knows and no other, however alike, even with the token', async () => {
    for (const origin of ['http://127.0.0.1:8234', 'http://127.0.0.1', `${UI}.evil.example`, 'https://127.0.0.1:8233', 'null', 'http://localhost:8233']) {
      const response = await post('/decode', { ...bearer, origin });
      expect([origin, response.status, response.headers.get('access-control-allow-origin')]).toEqual([origin, 403, null]);
    }
    const other = await post('/decode', { ...bearer, origin: 'https://temporal.lab' });
    expect([other.status, other.headers.get('access-control-allow-origin'), other.headers.get('access-control-allow-credentials'), other.headers.get('vary')]).toEqual([200, 'https://temporal.lab', 'true', 'Origin']);
  });

  it('is asked for first by browsers, who are told what they may send', async () => {
    const preflight = (origin: string): Promise<Response> => fetch(`${base}/decode`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type,x-namespace' } });
    const yes = await preflight(UI), no = await preflight('http://evil.example');
    expect(yes.status).toBe(204);
    expect(yes.headers.get('access-control-allow-origin')).toBe(UI);
    expect(yes.headers.get('access-control-allow-credentials')).toBe('true');
    expect(yes.headers.get('access-control-allow-headers')?.split(', ')).toEqual(expect.arrayContaining(['authorization', 'content-type', 'x-namespace']));
    expect([no.status, no.headers.get('access-control-allow-origin'), no.headers.get('access-control-allow-headers')]).toEqual([403, null, null]);
    expect(lines).toEqual([]);
  });

  it('works with a cookie for the known origins only, given for the token', async () => {
    const form = (token: string): Promise<Response> => fetch(`${base}/signin`, { method: 'POST', body: new URLSearchParams({ token }) });
    expect((await form('guess')).headers.get('set-cookie')).toBeNull();
    const given = (await form(TOKEN)).headers.get('set-cookie') ?? '';
    expect(given).toMatch(/^sulcus_codec=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/);
    expect(given).not.toContain(TOKEN);
    const cookie = given.split(';')[0] as string;
    expect((await post('/decode', { cookie, origin: UI })).status).toBe(200);
    expect((await post('/decode', { cookie })).status).toBe(403);
    expect((await post('/decode', { cookie, origin: 'http://evil.example' })).status).toBe(403);
    expect((await fetch(`${base}/signin`)).headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('of what is no body, too large, changed or unknown is refused, each by its status', async () => {
    expect((await post('/decode', bearer, '{"payloads": 3}')).status).toBe(400);
    expect((await post('/decode', bearer, 'sub-TKY001')).status).toBe(400);
    expect((await post('/decode', bearer, `{"payloads": [], "x": "${'x'.repeat(LIMIT)}"}`)).status).toBe(413);
    expect((await post('/decode', bearer, body.replace(/"data":"..../, '"data":"AAAA'))).status).toBe(422);
    expect((await post('/elsewhere', bearer)).status).toBe(404);
    expect((await fetch(`${base}/decode`, { headers: bearer })).status).toBe(405);
    // Without a length beforehand, it is counted as it comes.
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(`${base}/decode`, { method: 'POST', headers: { ...json, ...bearer } }, (response) => { response.resume(); resolve(response.statusCode); }).on('error', reject);
      sending.write('x'.repeat(LIMIT));
      sending.end('x');
    });
    expect(status).toBe(413);
  });
});

describe('encoding', () => {
  it('needs the same token', async () => {
    const plain = JSON.stringify({ payloads: [{ metadata: { encoding: btoa('json/plain') }, data: btoa('"TRS"') }] });
    expect((await post('/encode', {}, plain)).status).toBe(401);
    const encoded = await post('/encode', bearer, plain);
    const text = await encoded.text();
    expect(encoded.status).toBe(200);
    expect(text).not.toContain(btoa('"TRS"'));
    expect(await texts(await post('/decode', bearer, text))).toEqual(['"TRS"']);
  });
});

describe('the audit', () => {
  it('has a line for every decision, and nothing of what was decided on', async () => {
    await post('/decode', { ...bearer, origin: UI });
    await post('/decode', { authorization: 'Bearer sub-TKY001' });
    await post('/decode', { ...bearer, origin: 'http://evil.example' });
    await fetch(`${base}/signin`, { method: 'POST', body: new URLSearchParams({ token: 'wrong-token' }) });
    await post('/sub-TKY001', bearer);
    expect(lines.map(({ operation, status, payloads, by, refused }) => [operation, status, payloads, by, refused])).toEqual([
      ['decode', 200, 2, 'token', null], ['decode', 401, 0, null, 'UNAUTHORIZED'], ['decode', 403, 0, 'token', 'ORIGIN_REFUSED'], ['signin', 401, 0, null, 'BAD_TOKEN'], ['unknown', 404, 0, 'token', 'NOT_FOUND'],
    ]);
    expect(lines[0]).toMatchObject({ namespace: 'default', origin: UI, remote: '127.0.0.1' });
    for (const word of ['TKY', 'TRS', TOKEN, 'wrong-token']) expect(JSON.stringify(lines)).not.toContain(word);
  });
});

describe('a server', () => {
  it('is not made with a guessable token, or for everybody', () => {
    const make = (token: string, origins: string[]) => () => createCodecServer({ codec, token, origins, audit: () => undefined });
    expect(make('short', [UI])).toThrow(expect.objectContaining({ code: 'WEAK_TOKEN' }));
    for (const origin of ['*', 'null', '127.0.0.1:8233', `${UI}/`, 'file:///x']) expect(make(TOKEN, [origin])).toThrow(expect.objectContaining({ code: 'BAD_ORIGIN' }));
  });
});

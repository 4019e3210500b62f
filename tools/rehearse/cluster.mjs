/** The parts of the topology: how each is started, when it is ready, what is killed of it. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RehearsalError } from './say.mjs';
import { CLI } from './studies.mjs';
import { accepts, descendants, end, freePorts, kill, start, until } from './processes.mjs';

/** A part that can be killed and started again. */
export class Part {
  /** `kind` in the table; `begin()` starts it and resolves with the process when it is of use. */
  constructor(kind, name, begin, crash = kill) {
    Object.assign(this, { kind, name, begin, crash, process: null });
  }

  async up() {
    this.process = await this.begin();
    return this;
  }

  down() {
    return this.crash(this.process);
  }

  /** Pids that work for it, as they are in Temporal's identities: pid@host. */
  pids() {
    return [this.process.pid, ...descendants(this.process.pid)];
  }
}

/** `sulcus worker` of one role, ready when its /readyz says so. */
export function worker(role, name, folder, env, port) {
  return new Part(`${role} worker`, name, async () => {
    const threads = role === 'compute' ? ['--threads', '1'] : [];
    const process_ = start(name, process.execPath, [CLI, 'worker', '--role', role, '--health-port', String(port), ...threads], { folder, env });
    const answers = { said: 'nothing yet' };
    const ready = () => fetch(`http://127.0.0.1:${port}/readyz`).then(async (answer) => { answers.said = await answer.text(); return answer.ok; }, () => false);
    await until(`${name} to be ready`, ready, { seconds: 180, needs: [process_], answers });
    return process_;
  });
}

/** PostgreSQL's immediate shutdown: as after a crash, its log is replayed at the next start. */
export const postgresqlPart = (postgresql) => new Part('PostgreSQL', 'postgresql', () => postgresql.start(), (process_) => end(process_, 'SIGQUIT'));
export const temporalPart = (temporal) => new Part('Temporal server', 'temporal', () => temporal.start());

/** One control and three compute workers. */
export async function startWorkers(folder, env) {
  const roles = [['control', 'control-1'], ['compute', 'compute-1'], ['compute', 'compute-2'], ['compute', 'compute-3']];
  const ports = await freePorts(roles.length);
  return Promise.all(roles.map(([role, name], i) => worker(role, name, folder, env, ports[i]).up()));
}

/** The S3 gateway over a folder; a folder in it is a bucket. Its credentials go where AWS tools look for them. */
export async function gatewayPart(program, folder) {
  const [port] = await freePorts(1), data = join(folder, 'objects'), secret = join(folder, 's3-credentials');
  const access = randomBytes(8).toString('hex'), key = randomBytes(16).toString('hex');
  mkdirSync(join(data, 'sulcus'), { recursive: true });
  writeFileSync(secret, `[default]\naws_access_key_id = ${access}\naws_secret_access_key = ${key}\n`, { mode: 0o600 });
  const part = new Part('S3 gateway', 'gateway', async () => {
    const process_ = start('gateway', program, ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', data], { folder, env: { ROOT_ACCESS_KEY: access, ROOT_SECRET_KEY: key } });
    await until('the S3 gateway', () => accepts(port), { needs: [process_] });
    return process_;
  });
  part.env = { SULCUS_STORE: `s3://sulcus/store?endpoint=http://127.0.0.1:${port}`, AWS_SHARED_CREDENTIALS_FILE: secret };
  part.artifacts = join(data, 'sulcus', 'store', 'artifacts');
  return part;
}

/** A key file as `sulcus keys new` makes it, and the codec server that reads payloads with it. */
export async function codecPart(folder) {
  const [port] = await freePorts(1), file = join(folder, 'keys'), token = randomBytes(24).toString('hex'), origin = 'http://127.0.0.1:8080';
  writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  const url = `http://127.0.0.1:${port}`;
  const part = new Part('codec server', 'codec-server', async () => {
    const process_ = start('codec-server', process.execPath, [CLI, 'codec-server', '--port', String(port), '--origin', origin], { folder, env: { SULCUS_KEY_FILE: file, SULCUS_CODEC_TOKEN: token } });
    await until('the codec server', () => fetch(`${url}/signin`).then((answer) => answer.ok, () => false), { needs: [process_] });
    return process_;
  });
  part.env = { SULCUS_KEY_FILE: file };
  /** Refuses a payload that is not encrypted, or that the codec server does not give back readable. */
  part.check = async (payload) => {
    const text = (bytes) => Buffer.from(bytes).toString('base64'), encoding = Buffer.from(payload.metadata.encoding).toString();
    if (!encoding.includes('encrypted')) throw new RehearsalError(`a payload in Temporal is not encrypted: ${encoding}`);
    const body = { payloads: [{ metadata: Object.fromEntries(Object.entries(payload.metadata).map(([name, value]) => [name, text(value)])), data: text(payload.data) }] };
    const answer = await fetch(`${url}/decode`, { method: 'POST', headers: { authorization: `Bearer ${token}`, origin, 'content-type': 'application/json', 'x-namespace': 'rehearsal' }, body: JSON.stringify(body) });
    const decoded = answer.ok ? Buffer.from((await answer.json()).payloads[0].metadata.encoding, 'base64').toString() : `status ${answer.status}`;
    if (decoded !== 'json/plain') throw new RehearsalError(`the codec server gave back ${decoded}`);
  };
  return part;
}

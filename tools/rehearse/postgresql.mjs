/** PostgreSQL in a scratch folder: its own unprivileged user, its own port, the loopback interface only. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, start, until } from './processes.mjs';
import { RehearsalError } from './say.mjs';

/** The user PostgreSQL runs as: it refuses to run as root. Null: the user this process is. */
function unprivileged() {
  if (process.getuid() !== 0) return null;
  const id = (flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  const user = { uid: id('-u'), gid: id('-g') };
  if (!(user.uid > 0)) throw new RehearsalError('there is no user postgres to run PostgreSQL as: apt-get install postgresql-common');
  return user;
}

/** Makes a cluster. @returns what starts it, and how to reach it */
export async function makePostgresql({ programs, folder, port }) {
  const user = unprivileged(), data = join(folder, 'postgresql'), secret = join(data, 'password');
  const password = randomBytes(16).toString('hex');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(secret, password, { mode: 0o600 });
  if (user !== null) for (const path of [data, secret]) chownSync(path, user.uid, user.gid);
  const cluster = join(data, 'cluster');
  await run('initdb', join(programs, 'initdb'), ['-D', cluster, '-U', 'temporal', '--auth=scram-sha-256', `--pwfile=${secret}`, '--encoding=UTF8', '--locale=C.UTF-8'], { folder, cwd: data, user });
  const args = ['-D', cluster, '-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${data}`];
  return {
    port, password,
    async start() {
      const server = start('postgresql', join(programs, 'postgres'), args, { folder, cwd: data, user });
      server.stopSignal = 'SIGINT'; // fast shutdown: SIGTERM would wait for its clients
      const ready = () => spawnSync(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).status === 0;
      await until('PostgreSQL', ready, { needs: [server] });
      return server;
    },
    /** Rows of one query, as text. */
    query: (database, sql) => {
      const psql = spawnSync(join(programs, 'psql'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'temporal', '-d', database, '-AtXc', sql], { encoding: 'utf8', env: { ...process.env, PGPASSWORD: password } });
      if (psql.status !== 0) throw new RehearsalError(`psql: ${psql.stderr.trim()}`);
      return psql.stdout.trim().split('\n');
    },
  };
}

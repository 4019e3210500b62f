/**
 * The production topology from real programs on one machine, with faults: PostgreSQL, the Temporal server, an S3 gateway, the codec server, one
 * control and three compute workers, two studies launched by two clients; payloads are encrypted. One process of each kind is killed on the way. It must end with the numbers of a single-machine run, bit for bit.
 * `npm run rehearse [-- --write --splits N --keep]`: --write puts the figures into docs/deployment.md, --splits makes the studies longer (a fast
 * machine) or shorter (a busy one), --keep leaves the scratch folder.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { goPrograms, postgresqlPrograms, versions } from './rehearse/builds.mjs';
import { codecPart, gatewayPart, Part, postgresqlPart, startWorkers, temporalPart } from './rehearse/cluster.mjs';
import { figures, putIntoDocs } from './rehearse/figures.mjs';
import { Witness } from './rehearse/histories.mjs';
import { makePostgresql } from './rehearse/postgresql.mjs';
import { endAll, freePorts, killAllNow, tail, until } from './rehearse/processes.mjs';
import { now, RehearsalError, say } from './rehearse/say.mjs';
import { comparedFiles, differences, runAlone, runClient, writeStudies } from './rehearse/studies.mjs';
import { makeTemporal } from './rehearse/temporal-server.mjs';

const NAMESPACE = 'rehearsal';
/** Seconds a killed process stays away. */
const AWAY = 5;
/** Activities that must complete between two faults, so that each meets a cluster at work. */
const BETWEEN = 2;
/** Seconds that progress may take, and that all may take. Generous: a busy machine is no failure. */
const PROGRESS_SECONDS = 300, STUDIES_SECONDS = 1500;

async function main(folder) {
  const programs = await goPrograms('temporal-server', versions.temporalServer);
  const { paths: { versitygw } } = await goPrograms('versitygw', versions.gateway);
  const postgres = postgresqlPrograms();
  say('writing two studies');
  const studies = await writeStudies(join(folder, 'studies'), splits());
  const alone = now();
  await Promise.all(studies.map(async (study) => { study.alone = await runAlone(study, folder); }));
  const aloneSeconds = now() - alone;
  say(`both studies at once on one machine, embedded server, one worker: ${aloneSeconds.toFixed(0)} s`);

  const up = now(), [port] = await freePorts(1);
  const postgresql = await makePostgresql({ programs: postgres, folder, port });
  const database = await postgresqlPart(postgresql).up();
  const temporal = await makeTemporal({ programs: programs.paths, folder, postgresql, namespace: NAMESPACE });
  const server = await temporalPart(temporal).up();
  await temporal.register();
  const gateway = await (await gatewayPart(versitygw, folder)).up(), codec = await (await codecPart(folder)).up();
  say(`ready: PostgreSQL, its schema, the Temporal server and its namespace, the S3 gateway, the codec server: ${(now() - up).toFixed(0)} s`);
  const env = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: NAMESPACE, SULCUS_STATE: join(folder, 'state-cluster'), ...gateway.env, ...codec.env };
  const workers = await startWorkers(folder, env), upSeconds = now() - up;
  say(`ready: ${workers.map((w) => w.name).join(', ')}`);

  const witness = await Witness.open(temporal), began = now();
  const clients = studies.map((study) => {
    const client = new Part('client', `client-${study.name}`, async () => { const { out, process: p } = runClient(study, folder, env); study.out = out; return p; });
    return client;
  });
  await Promise.all(clients.map((client) => client.up()));
  const plan = [workers.find((w) => w.name === 'compute-2'), workers[0], server, gateway, database, codec, clients[0]];
  const faults = [];
  for (const part of plan) faults.push(await strike(part, witness, clients));
  await codec.check(await witness.payload());
  const ends = await until('both studies', () => (clients.every((c) => c.process.exited !== null) ? clients.map((c) => c.process.exited) : null), { seconds: STUDIES_SECONDS, needs: [server.process, database.process, gateway.process] });
  ends.forEach(({ code }, i) => { if (code !== 0) throw new RehearsalError(`${clients[i].name} ended with code ${code}: ${tail(clients[i].process.log)}`); });
  const clusterSeconds = now() - began;
  say(`both studies are done: ${clusterSeconds.toFixed(0)} s`);

  const story = await witness.conclude();
  await witness.close();
  const differing = studies.flatMap((study) => differences(study.alone, study.out).map((what) => `${study.name}: ${what}`));
  const problems = [...story.problems, ...differing.map((what) => `differs from the single-machine run: ${what}`), ...(story.lost > 0 ? [`${story.lost} events were lost or changed: ${story.changed}`] : [])];
  const [single, cluster] = [join(folder, 'state-alone', 'store', 'artifacts'), gateway.artifacts].map((root) => new Set(artifacts(root)));
  const others = [...cluster].filter((key) => !single.has(key)).length, missing = [...single].filter((key) => !cluster.has(key)).length;
  if (others > 0 || missing > 0) problems.push(`artifacts: ${missing} of the single-machine run are missing, ${others} are others`);
  const table = figures({
    aloneSeconds, upSeconds, clusterSeconds, faults, story, differing: differing.length, files: studies.reduce((sum, s) => sum + comparedFiles(s.out), 0),
    artifacts: { all: cluster.size, others, missing }, built: programs.seconds, total: now(),
  });
  process.stdout.write(`${table}\n`);
  if (problems.length > 0) throw new RehearsalError(problems.slice(0, 10).join('; '));
  if (process.argv.includes('--write')) putIntoDocs(table);
}

/** How many splits a study has: --splits, else the paper's 10. */
function splits() {
  const at = process.argv.indexOf('--splits'), count = at < 0 ? 10 : Number(process.argv[at + 1]);
  if (!Number.isInteger(count) || count < 2) throw new RehearsalError('--splits needs a whole number, 2 or more');
  return count;
}

/** Kills one part while the studies run, and starts it again after some seconds. */
async function strike(part, witness, clients) {
  const target = await witness.completed() + BETWEEN;
  await until('progress', async () => (clients.some((c) => c.process.exited !== null) ? 'over' : (await witness.completed()) >= target), { seconds: PROGRESS_SECONDS });
  const over = clients.find((c) => c.process.exited !== null);
  if (over) {
    const why = over.process.exited.code === 0 ? 'this machine is fast: make the studies longer with --splits 20' : tail(over.process.log);
    throw new RehearsalError(`${over.name} had ended (code ${over.process.exited.code}) before ${part.name} was killed; ${why}`);
  }
  const remembered = await witness.look(), backlog = await witness.backlog('sulcus-compute'), killedAt = Date.now() / 1000;
  await part.down();
  say(`killed ${part.name} (${remembered} events so far, ${backlog} fit activities wait)`);
  await pause(AWAY * 1000);
  const again = now();
  await part.up();
  const readySeconds = now() - again;
  say(`${part.name} is back after ${readySeconds.toFixed(1)} s`);
  return { kind: part.kind, name: part.name, killedAt, backAt: Date.now() / 1000, readySeconds, pids: part.pids(), backlog };
}

/** KIND/KEY of every artifact of a store. */
function artifacts(root) {
  return readdirSync(root).flatMap((kind) => readdirSync(join(root, kind)).flatMap((shelf) => readdirSync(join(root, kind, shelf)).map((key) => `${kind}/${key}`)));
}

if (process.platform !== 'linux') {
  process.stderr.write('the rehearsal needs Linux (Debian\'s PostgreSQL, /proc)\n');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'sulcus-rehearsal-'));
chmodSync(folder, 0o711); // PostgreSQL's user passes through to its own folder
mkdirSync(join(folder, 'studies'));
process.once('exit', killAllNow);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => { killAllNow(); rmSync(folder, { recursive: true, force: true }); process.exit(130); });
try {
  await main(folder);
} catch (error) {
  if (!(error instanceof RehearsalError)) throw error;
  say(`failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await endAll();
  if (process.argv.includes('--keep')) say(`kept: ${folder}`);
  else if (existsSync(folder)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

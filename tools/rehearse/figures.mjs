/** The rehearsal's figures as a table, and their place in docs/deployment.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { versions } from './builds.mjs';

const DOCS = fileURLToPath(new URL('../../docs/deployment.md', import.meta.url));
const BEGIN = '<!-- figures of npm run rehearse: written by it -->', END = '<!-- end of figures -->';

const s = (value) => `${value.toFixed(value < 10 ? 1 : 0)} s`;
const row = (...cells) => `| ${cells.join(' | ')} |`;

/** Seconds from a fault until its part was of use again: a worker when it completed something itself, everything else when anything was completed after it was back. */
function recovery(fault, marks) {
  const own = fault.kind.endsWith('worker');
  const mark = marks.find(({ at, identity }) => at > fault.backAt - fault.readySeconds && (!own || fault.pids.some((pid) => identity.startsWith(`${pid}@`))));
  return mark === undefined ? null : mark.at - fault.killedAt;
}

/** Parts that no step waits for. */
const ASIDE = new Set(['codec server', 'client']);

function inWords(fault, marks) {
  const took = recovery(fault, marks);
  if (ASIDE.has(fault.kind)) return 'work goes on without it';
  return took === null ? 'nothing was left for it to do' : s(took);
}

/** Markdown. */
export function figures({ aloneSeconds, upSeconds, clusterSeconds, faults, story, differing, files, artifacts, built, total }) {
  return [
    `Measured on ${availableParallelism()} cores (${cpus()[0]?.model.trim()}), load ${loadavg()[0].toFixed(1)} at the end; PostgreSQL ${versions.postgresql.major}, Temporal server ${versions.temporalServer.version}${built === null ? '' : ` (built in ${built} s)`}, Node ${process.versions.node}.`,
    '',
    row('killed', 'back and ready after its start', 'from the kill to work done again'),
    row('---', '---', '---'),
    ...faults.map((fault) => row(`${fault.kind} (${fault.name})`, s(fault.readySeconds), inWords(fault, story.marks))),
    '',
    row('', ''), row('---', '---'),
    row('the cluster, from nothing to ready', s(upSeconds)),
    row('both studies at once on one machine: embedded server, one worker, no faults', s(aloneSeconds)),
    row('both at once on the cluster, faults included', s(clusterSeconds)),
    row('workflows, events, activities', `${story.workflows}, ${story.events}, ${story.activities}`),
    row('events that were there before a fault and were not, or not the same, at the end', `${story.lost} of ${story.remembered} looked at in ${story.pictures} pictures`),
    row('workflows run twice, events missing, activities completed other than exactly once', `${story.problems.length}`),
    row('activities that needed another attempt', `${story.again}`),
    row('files of results that differ from the single-machine run', `${differing} of ${files}`),
    row('artifacts of the store that the single-machine run does not have, or that only it has', `${artifacts.others + artifacts.missing} of ${artifacts.all}`),
    row('fit activities waiting, as an autoscaler sees them, at the faults', faults.map((f) => f.backlog).join(', ')),
    row('the rehearsal in all', s(total)),
  ].join('\n');
}

/** Replaces what stands between the marks. */
export function putIntoDocs(table) {
  const text = readFileSync(DOCS, 'utf8'), from = text.indexOf(BEGIN), to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${DOCS} has no place for the figures`);
  writeFileSync(DOCS, `${text.slice(0, from + BEGIN.length)}\n${table}\n${text.slice(to)}`);
}

/** The two studies of the rehearsal: written once, run on one machine, run on the cluster, compared. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulateStudy } from '../../dist/simulate/index.js';
import { RehearsalError } from './say.mjs';
import { run, start } from './processes.mjs';

export const CLI = fileURLToPath(new URL('../../dist/client/cli.js', import.meta.url));

/** Whole studies, small meshes: 2,562 vertices a hemisphere. The published update takes its time, so that there is something to kill. */
const STUDIES = [
  { name: 'north', seed: 11, cohorts: [{ name: 'oslo', size: 40 }, { name: 'bergen', size: 44 }] },
  { name: 'south', seed: 12, cohorts: [{ name: 'rome', size: 42 }, { name: 'naples', size: 38 }] },
];
const EDITS = [[/^study: .*$/m, (name) => `study: ${name}`], [/ranks: \[2, 10\]/, () => 'ranks: [2, 8]'], [/solver: accelerated/, () => 'solver: multiplicative'], [/splits: 10/, (_name, splits) => `splits: ${splits}`]];

/** Writes the studies below `folder`. The more splits, the longer they last. */
export async function writeStudies(folder, splits) {
  return Promise.all(STUDIES.map(async ({ name, seed, cohorts }) => {
    const directory = join(folder, name), file = join(directory, 'study.yaml');
    mkdirSync(directory, { recursive: true });
    await simulateStudy(directory, { seed, cohorts, effect: 'paper', meshLevel: 4 });
    let text = readFileSync(file, 'utf8');
    for (const [from, to] of EDITS) {
      if (!from.test(text)) throw new RehearsalError(`${file} has no ${from}`);
      text = text.replace(from, to(name, splits));
    }
    writeFileSync(file, text);
    return { name, file, directory, cohorts: cohorts.map((c) => c.name) };
  }));
}

/** A study on this machine alone: embedded server, one worker. */
export async function runAlone(study, folder) {
  const out = join(folder, 'alone', study.name);
  await run(`alone-${study.name}`, process.execPath, [CLI, 'run', study.file, '--out', out, '--json'], { folder, env: { SULCUS_STATE: join(folder, 'state-alone') } });
  return out;
}

/** A client of the cluster: launches the study, or goes on following it, and ends with it. */
export function runClient(study, folder, env) {
  const out = join(folder, 'cluster', study.name);
  return { out, process: start(`client-${study.name}`, process.execPath, [CLI, 'run', study.file, '--out', out, '--json'], { folder, env }) };
}

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** What differs between two results folders of a study; [] when they are the same numbers. Run, times and who computed a step are left out; everything else counts, bit for bit. */
export function differences(a, b) {
  const science = (folder) => {
    const { run: _run, steps, ...rest } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
    const keys = steps.map(({ step, cohort, rank, split, half, key }) => JSON.stringify([step, cohort, rank, split, half, key])).sort();
    return { results: JSON.stringify(rest), steps: keys.join('\n') };
  };
  const found = [];
  const [x, y] = [science(a), science(b)];
  for (const part of Object.keys(x)) if (x[part] !== y[part]) found.push(`${part} of results.json`);
  for (const part of ['tables', 'parcellation']) {
    const [left, right] = [a, b].map((folder) => readdirSync(join(folder, part)).sort());
    if (left.join() !== right.join()) found.push(`files of ${part}/`);
    for (const name of left) if (right.includes(name) && sha256(readFileSync(join(a, part, name))) !== sha256(readFileSync(join(b, part, name)))) found.push(`${part}/${name}`);
  }
  return found;
}

/** Files of `differences` that were compared. */
export const comparedFiles = (folder) => 1 + ['tables', 'parcellation'].reduce((sum, part) => sum + readdirSync(join(folder, part)).length, 0);

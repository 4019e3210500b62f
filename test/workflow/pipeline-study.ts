/** A small study whose one metric is made by a pipeline of two steps, of a lab's own program: a scan becomes vertex files. The program writes down when it runs. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLAIN, smallStudy, type SmallStudy } from './harness.js';

export interface PipelineStudy extends SmallStudy {
  ids(cohort: string): string[];
  /** Where a participant's scan lies. */
  scan(cohort: string, id: string): string;
  /** What the program did: `correct sub-TKY001 begin` and the process, in the order of events. */
  runs(): string[];
  /** Makes the step of a participant wait until it is let go; gives the process that waits, once there is one. */
  hold(step: string, id: string): { waiting(): number | null; release(): void };
}

/**
 * `correct` takes away the offset of a scan and `sample` writes the values of both hemispheres. A scan that says `broken` is refused with exit code 3, which the
 * pipeline takes as a reason to leave the participant out; one that says `flaky` fails once.
 */
const PROGRAM = `#!${process.execPath}
const fs = require('node:fs'), path = require('node:path');
const [step, ...rest] = process.argv.slice(2);
if (step === '--version') { console.log('lab-scan 1.4.2'); process.exit(0); }
const lab = __dirname, [from, ...to] = rest, id = /sub-[A-Z0-9]+/.exec(from)[0];
const tell = (what) => fs.appendFileSync(path.join(lab, 'runs.log'), step + ' ' + id + ' ' + what + ' ' + process.pid + '\\n');
tell('begin');
const hold = path.join(lab, 'hold-' + step + '-' + id);
if (fs.existsSync(hold)) fs.writeFileSync(hold + '.pid', String(process.pid));
while (fs.existsSync(hold)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
const scan = JSON.parse(fs.readFileSync(from, 'utf8'));
if (scan.broken) { console.error('the scan of ' + id + ' in ' + from + ' is broken'); process.exit(3); }
const once = path.join(lab, 'failed-' + id);
if (scan.flaky && !fs.existsSync(once)) { fs.writeFileSync(once, ''); console.error('not this time'); process.exit(9); }
if (step === 'correct') fs.writeFileSync(to[0], JSON.stringify({ left: scan.left.map((v) => v - scan.offset), right: scan.right.map((v) => v - scan.offset) }));
else ['left', 'right'].forEach((side, i) => fs.writeFileSync(to[i], scan[side].map((v) => v.toFixed(Number(to[2]))).join('\\n') + '\\n'));
console.log('100%');
tell('end');
`;

const PIPELINE = (folder: string): string => `
pipeline: lab-scan
about: scans of the lab to vertex files
programs:
  lab-scan: { version: ['${folder}/lab-scan', --version], pattern: 'lab-scan (\\S+)', accept: '>=1.4 <2' }
inputs: { scan: scan of a participant }
parameters: { digits: 6 }
steps:
  correct:
    program: lab-scan
    run: ['${folder}/lab-scan', correct, '{input:scan}', '{output:scan}']
    outputs: { scan: corrected.json }
    needs: { threads: 1, memory: 512 MiB, time: 10m }
    progress: '(\\d+)%'
    exits: { exclude: [3] }
    retries: 1
  sample:
    program: lab-scan
    run: ['${folder}/lab-scan', sample, '{correct:scan}', '{output:left}', '{output:right}', '{parameter:digits}']
    outputs: { left: left.txt, right: right.txt }
    needs: { threads: 1, memory: 512 MiB, time: 10m }
`;

export async function pipelineStudy(cohorts: { name: string; size: number }[]): Promise<PipelineStudy> {
  const study = await smallStudy({ ...PLAIN, ranks: [2, 2], splits: 1, cohorts });
  const lab = join(study.directory, 'lab');
  mkdirSync(lab);
  writeFileSync(join(lab, 'lab-scan'), PROGRAM);
  chmodSync(join(lab, 'lab-scan'), 0o755);
  writeFileSync(join(lab, 'scan.yaml'), PIPELINE(lab));
  const ids = (cohort: string): string[] => readFileSync(join(study.directory, cohort, 'participants.tsv'), 'utf8').trim().split('\n').slice(1).map((row) => row.split('\t')[0] as string);
  const scan = (cohort: string, id: string): string => join(study.directory, cohort, 'scans', `${id}.json`);
  for (const { name } of cohorts) {
    mkdirSync(join(study.directory, name, 'scans'));
    for (const [i, id] of ids(name).entries()) writeFileSync(scan(name, id), JSON.stringify({ offset: i, ...Object.fromEntries(['left', 'right'].map((side) => [side, valuesOf(join(study.directory, name, 'dwi', `${id}_mid_${side}_FA_rsl.txt`)).map((v) => v + i)])) }));
  }
  const text = readFileSync(study.file, 'utf8');
  const metrics = /metrics:\n(?: {2}.*\n)+/, pipelines = 'pipelines:\n  - use: lab/scan.yaml\n    inputs: { scan: "scans/{id}.json" }\n';
  writeFileSync(study.file, text.replace(metrics, `${pipelines}metrics:\n  fa: { file: "derivatives/lab-scan/{id}/sample/{side}.txt" }\n`));
  return {
    ...study, ids, scan,
    runs: () => (existsSync(join(lab, 'runs.log')) ? readFileSync(join(lab, 'runs.log'), 'utf8').trim().split('\n') : []),
    hold(step, id) {
      const file = join(lab, `hold-${step}-${id}`);
      writeFileSync(file, '');
      return {
        waiting: () => (existsSync(`${file}.pid`) ? Number(readFileSync(`${file}.pid`, 'utf8')) : null),
        release: () => rmSync(file),
      };
    },
  };
}

const valuesOf = (file: string): number[] => readFileSync(file, 'utf8').trim().split('\n').map(Number);

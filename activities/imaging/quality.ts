/** Numbers in what a step wrote or printed, and the limits they must keep to. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { PipelineStep, QualityRule, StepRecord } from '../../contracts/pipelines.js';
import { STDERR, STDOUT } from './record.js';

/** As much of a file as is looked through. */
const MOST_BYTES = 8 * 2 ** 20;

export interface Quality {
  values: StepRecord['quality'];
  /** The first rule that is not kept, in words, and the file the number was looked for in (relative to the step's folder). */
  problem: { text: string; file: string } | null;
}

/** Applies the rules of a step to its folder. A number that is not there cannot be within limits. */
export async function judge(folder: string, step: Pick<PipelineStep, 'quality' | 'outputs'>): Promise<Quality> {
  const values: StepRecord['quality'] = [];
  let problem: Quality['problem'] = null;
  for (const rule of step.quality) {
    const files = rule.output === null ? [STDOUT, STDERR] : [step.outputs[rule.output] ?? rule.output];
    const value = await numberIn(folder, files, new RegExp(rule.pattern, 'm'));
    if (value !== null) values.push({ name: rule.name, value, minimum: rule.minimum, maximum: rule.maximum });
    const text = value === null ? `${rule.name} was not found in ${rule.output === null ? 'what the program printed' : `output ${rule.output}`}` : beyond(rule, value);
    if (text !== null) problem ??= { text, file: files[0] ?? STDOUT };
  }
  return { values, problem };
}

function beyond({ name, minimum, maximum }: QualityRule, value: number): string | null {
  if (minimum !== null && value < minimum) return `${name} is ${value}, below the limit ${minimum}`;
  if (maximum !== null && value > maximum) return `${name} is ${value}, above the limit ${maximum}`;
  return null;
}

async function numberIn(folder: string, files: readonly string[], pattern: RegExp): Promise<number | null> {
  for (const file of files) {
    const found = pattern.exec(await startOf(join(folder, file)))?.[1]?.trim() ?? '';
    if (found !== '' && Number.isFinite(Number(found))) return Number(found);
  }
  return null;
}

async function startOf(path: string): Promise<string> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return null; throw error; });
  if (handle === null) return '';
  try {
    const length = Math.min(MOST_BYTES, (await handle.stat()).size), { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}

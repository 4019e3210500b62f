/** Numbers in what a step wrote or printed, and the limits they must keep to. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { PipelineStep, QualityRule, StepRecord } from '../../contracts/pipelines.js';
import { STDERR, STDOUT } from './record.js';

/** As much of the beginning and of the end of a file is looked through: regular expressions hold up everything else that this process does. */
const END_BYTES = 256 * 1024;

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
    const value = await numberIn(folder, files, rule);
    if (typeof value === 'number') values.push({ name: rule.name, value, minimum: rule.minimum, maximum: rule.maximum });
    const where = rule.output === null ? 'what the program printed' : `output ${rule.output}`;
    const text = value === null ? `${rule.name} was not found in ${where}` : value === 'too long' ? `${rule.name} (${rule.take}) needs all of ${where}, which is longer than ${(2 * END_BYTES) / 1024} KiB` : beyond(rule, value);
    if (text !== null) problem ??= { text, file: files[0] ?? STDOUT };
  }
  return { values, problem };
}

function beyond({ name, minimum, maximum }: QualityRule, value: number): string | null {
  if (minimum !== null && value < minimum) return `${name} is ${value}, below the limit ${minimum}`;
  if (maximum !== null && value > maximum) return `${name} is ${value}, above the limit ${maximum}`;
  return null;
}

/** Of the first of the files in which there is one. `too long`: it follows from all of a file, and the file is more than is looked through. */
async function numberIn(folder: string, files: readonly string[], { pattern, take }: QualityRule): Promise<number | 'too long' | null> {
  const all = take !== undefined && take !== 'last';
  for (const file of files) {
    const parts = await endsOf(join(folder, file));
    if (all && parts.length > 1) return 'too long';
    // The last number is looked for in the end first, the first in the beginning.
    for (const part of take === 'last' ? parts.toReversed() : parts) {
      const value = taken(part, new RegExp(pattern, all || take === 'last' ? 'gm' : 'm'), take);
      if (value !== null) return value;
    }
  }
  return take === 'count' ? 0 : null;
}

function taken(text: string, pattern: RegExp, take: QualityRule['take']): number | null {
  if (take === undefined) return numberOf(pattern.exec(text));
  const found = [...text.matchAll(pattern)], numbers = found.map(numberOf).filter((value) => value !== null);
  switch (take) {
    case 'count': return found.length === 0 ? null : found.length;
    case 'last': return numberOf(found.at(-1) ?? null);
    case 'mean': return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    case 'smallest': return numbers.length === 0 ? null : numbers.reduce((a, b) => Math.min(a, b));
    case 'largest': return numbers.length === 0 ? null : numbers.reduce((a, b) => Math.max(a, b));
  }
}

function numberOf(match: RegExpExecArray | null): number | null {
  const text = match?.[1]?.trim() ?? '';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : null;
}

/** A file whole; or, of a longer one, its beginning and its end without the lines that are cut. Nothing of one that is not there. */
async function endsOf(path: string): Promise<string[]> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return null; throw error; });
  if (handle === null) return [];
  try {
    const { size } = await handle.stat();
    const read = async (from: number, length: number): Promise<string> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
      return buffer.subarray(0, bytesRead).toString('utf8');
    };
    if (size <= 2 * END_BYTES) return [await read(0, size)];
    const first = await read(0, END_BYTES), last = await read(size - END_BYTES, END_BYTES);
    return [first.slice(0, first.lastIndexOf('\n') + 1 || endOfNumber(first)), last.slice(last.indexOf('\n') + 1 || startOfNumber(last))];
  } finally {
    await handle.close();
  }
}

/** A line that is longer than what is read may be cut within a number: where that begins, and where one that was cut before ends. */
function endOfNumber(text: string): number {
  let end = text.length;
  while (end > 0 && PART.test(text.charAt(end - 1))) end--;
  return end;
}

function startOfNumber(text: string): number {
  let start = 0;
  while (start < text.length && PART.test(text.charAt(start))) start++;
  return start;
}

const PART = /[\d.eE+-]/;

import type { z } from 'zod';
import type { Path } from './document.js';
import { nearest } from './nearest.js';
import { createProblem, type Problem } from './problem.js';

/** Makes a problem of what is wrong at a place of the study file. */
export type Report = (path: Path, problem: Pick<Problem, 'code' | 'message'> & Partial<Problem>) => void;

/** A report that fills in the file, the line, and the cohort when the place lies within one. */
export function reporter(file: string, locate: (path: Path) => number, into: Problem[]): Report {
  return (path, problem) => {
    const cohort = path[0] === 'cohorts' && path.length > 1 ? String(path[1]) : null;
    into.push(createProblem({ file, line: locate(path), cohort, ...problem }));
  };
}

/** `metrics.thickness.file`, `clinical[2].groups`: a place in the study file as people write it. */
function spell(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');
}

export function reportUnknownKey(report: Report, path: Path, key: string, known: readonly string[]): void {
  const guess = nearest(key, known);
  report([...path, key], {
    code: 'study-key-unknown',
    message: `unknown key \`${key}\`${path.length === 0 ? '' : ` in ${spell(path)}`}`,
    remedy: guess === null ? `known keys here: ${known.join(', ')}` : `did you mean \`${guess}\`?`,
  });
}

/** Reports every issue zod found with the value at `path`. */
export function reportIssues(report: Report, path: Path, schema: z.ZodType, issues: readonly z.core.$ZodIssue[]): void {
  for (const issue of issues) {
    // A whole number beyond what can be told apart is beyond its own limit too, which says more.
    if (issue.code === 'too_big' && issue.maximum === Number.MAX_SAFE_INTEGER && issues.length > 1) continue;
    const at = [...path, ...issue.path.filter((step) => typeof step !== 'symbol')];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) reportUnknownKey(report, at, key, keysAt(schema, issue.path));
    } else if (issue.code === 'invalid_type' && /received undefined/.test(issue.message)) {
      report(at, missing(at));
    } else {
      const quote = issue.code === 'invalid_type' && issue.expected === 'string' && issue.message.startsWith('Invalid input');
      report(at, { code: 'study-value', message: `${spell(at)}: ${plain(issue)}`, remedy: quote ? 'write it in quotes' : null });
    }
  }
}

/** The problem of a key that must be there. */
export function missing(path: Path): Pick<Problem, 'code' | 'message' | 'remedy'> {
  return { code: 'study-key-missing', message: `${spell(path)} is missing`, remedy: 'docs/study-file.md says what it means' };
}

function plain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input') {
    const options = issue.errors.flatMap((branch) => branch.map((inner) => plain(inner)));
    return [...new Set(options)].join(', or ');
  }
  return issue.message
    .replace(/^Invalid (input|option): /, '')
    .replace(/^Too (big|small): /, '')
    .replace(/\barray\b/g, 'a list')
    .replace(/\bobject\b/g, 'keys and values');
}

interface Definition {
  type: string;
  shape?: Record<string, z.ZodType>;
  innerType?: z.ZodType;
  /** What follows a preprocessing step. */
  out?: z.ZodType;
  element?: z.ZodType;
}

/** Known keys of the object at `path` within a schema. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current: z.ZodType | undefined = schema;
  const definition = (): Definition | undefined => current?.def;
  const unwrap = (): void => {
    for (let inner = definition(); inner?.innerType !== undefined || inner?.out !== undefined; inner = definition()) current = inner.innerType ?? inner.out;
  };
  unwrap();
  for (const step of path) {
    current = typeof step === 'number' ? definition()?.element : definition()?.shape?.[String(step)];
    unwrap();
  }
  return Object.keys(definition()?.shape ?? {});
}

/** What an end of a step's program means by the rules of the step. */
import type { PipelineStep } from '../../contracts/pipelines.js';
import { StepProblem } from './problem.js';
import type { ProgramEnd } from './program.js';
import { lastLines } from './words.js';

/** Of what was printed, in a message. */
const TAIL = 700;

/** Null: it ended well. */
export function endProblem({ needs, exits, command }: PipelineStep, { code, signal, stopped, tail, peakMemory }: ProgramEnd): StepProblem | null {
  const name = (command[0] ?? '').replace(/^.*\//, ''), last = lastLines(tail, TAIL), said = last === '' ? ', and it printed nothing' : `; it printed last: ${last}`;
  switch (stopped) {
    case 'time': return new StepProblem('STEP_TIME', `${name} was stopped after the ${needs.seconds} s it may take${said}`);
    case 'memory': return new StepProblem('STEP_MEMORY', `${name} was stopped at ${Math.round(peakMemory)} MiB of memory; it may take ${needs.memory} MiB${said}`);
    case 'silence': return new StepProblem('STEP_SILENT', `${name} was stopped after ${needs.silence} s without progress${said}`);
    case 'cancelled': return new StepProblem('STEP_FAILED', `${name} was stopped from outside${said}`);
    case null: break;
  }
  if (signal !== null || code === null) return new StepProblem('STEP_FAILED', `${name} was ended by ${signal ?? 'a signal'}${said}`);
  if (code === 0) return null;
  const kind = exits.exclude.includes(code) ? 'STEP_EXCLUDED' : exits.refuse.includes(code) ? 'STEP_REFUSED' : 'STEP_FAILED';
  return new StepProblem(kind, `${name} ended with exit code ${code}${said}`);
}

/** Errors as Temporal sees them: the stable code is the failure type, the message is short, and what cannot get better is not retried. */
import { ApplicationFailure, asyncLocalStorage, CompleteAsyncError, Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { SulcusError } from '../contracts/errors.js';
import { MAX_PAYLOAD_BYTES } from '../contracts/limits.js';

/** Codes of ours that may succeed on another try; every other SulcusError is about the input and fails at once. */
const RETRYABLE = new Set(['STORE_UNAVAILABLE', 'STORE_FULL', 'FIT_STALLED', 'FIT_THREAD_DIED', 'TASK_THREAD_DIED', 'PROGRAM_GUARD_DIED', 'PROGRAM_NOT_STARTED', 'DOCKER_UNAVAILABLE']);
/** Those that may succeed elsewhere or later, but hardly at the tenth attempt, and the attempts they have. */
const FEW_ATTEMPTS: Record<string, number> = { FIT_OUT_OF_MEMORY: 3 };
/** System errors that a retry cannot mend. */
const HOPELESS = new Set(['EACCES', 'EROFS', 'EPERM']);
/** Temporal keeps 4 KiB of a pending activity's failure. */
const MESSAGE_LIMIT = 1500;

export function toFailure(error: unknown, attempt = 1): unknown {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure || error instanceof CompleteAsyncError) return error;
  if (error instanceof SulcusError) {
    const remedy = error.remedy === null ? '' : ` (${error.remedy})`;
    return ApplicationFailure.create({ type: error.code, message: `${error.message}${remedy}`.slice(0, MESSAGE_LIMIT), nonRetryable: !mayRetry(error.code, attempt), cause: error.cause === undefined ? error : causeOf(error, error.message), ...(error.remedy === null ? {} : { details: [{ remedy: error.remedy }] }) });
  }
  const raw = (error as { code?: unknown } | null | undefined)?.code;
  const code = typeof raw === 'string' ? raw : undefined; // a DOMException's is a number
  const message = withoutPaths(error instanceof Error ? error.message : String(error));
  return ApplicationFailure.create({
    type: code ?? 'UNEXPECTED', message: message.slice(0, MESSAGE_LIMIT), nonRetryable: code !== undefined && HOPELESS.has(code), ...(error instanceof Error ? { cause: causeOf(error, message) } : {}),
  });
}

function mayRetry(code: string, attempt: number): boolean {
  return RETRYABLE.has(code) || attempt < (FEW_ATTEMPTS[code] ?? 0);
}

/** The system quotes the path it failed at, and folders of data are named after participants: history keeps what failed, not at whom. Up to the last such quote, for a path may hold one. */
function withoutPaths(text: string): string {
  return text.replace(/(['"`])(?:[A-Za-z]:)?[\\/].*\1/gs, (_, quote: string) => `${quote}…${quote}`);
}

/** The error with where it was thrown and nothing else of it: causes travel with their messages, and theirs. */
function causeOf(error: Error, message: string): Error {
  const cause = new Error(message);
  cause.name = error.name;
  cause.stack = `${error.name}: ${message}\n${(error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).join('\n')}`;
  return cause;
}

/** A worker that dies with a short step in hand is noticed by the silence. Long steps beat with their own progress instead. */
const LIVENESS_MS = 4_000;

export interface GuardOptions {
  /** Activities that are beaten for while they run; the others beat for themselves, when something moved. */
  beat: readonly string[];
}

/** Wraps every activity: failures get their type, results that would bloat the history are refused, short steps are beaten for. */
export function guarded<T extends object>(activities: T, { beat }: GuardOptions = { beat: [] }): T {
  const wrapped = Object.entries(activities).map(([name, run]: [string, (input: unknown) => Promise<unknown>]) => [name, async (input: unknown) => {
    const timer = beat.includes(name) ? startBeating(Context.current()) : undefined;
    try {
      return assertSmall(name, await run(input));
    } catch (error) {
      throw toFailure(error, asyncLocalStorage.getStore()?.info.attempt);
    } finally {
      clearInterval(timer);
    }
  }]);
  return Object.fromEntries(wrapped) as T;
}

function startBeating(context: Context): NodeJS.Timeout {
  return setInterval(() => context.heartbeat(), LIVENESS_MS);
}

function assertSmall(name: string, output: unknown): unknown {
  const bytes = Buffer.byteLength(JSON.stringify(output) ?? '');
  if (bytes > MAX_PAYLOAD_BYTES) throw new SulcusError('RESULT_TOO_LARGE', `activity ${name} would return ${bytes} bytes; the limit is ${MAX_PAYLOAD_BYTES}`);
  return output;
}

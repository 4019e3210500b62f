/** The worker's log: JSON lines in a file of bounded size, and for people on the terminal; participants' identifiers left out unless asked for. */
import { pino, multistream, type Logger } from 'pino';
import { formatLogLine, parseLogLine } from '../contracts/log-line.js';
import type { LineSink } from './log-file.js';
import type { Redactor } from './log-redact.js';

export interface LogOptions {
  name: string;
  /** pino's level; default SULCUS_LOG_LEVEL, else info. */
  level?: string;
  sinks: LineSink[];
  /** Null: identifiers are shown. */
  redactor: Redactor | null;
}

/** Keys whose values would be about somebody. Nothing of sulcus writes them: should it ever, they are left out. */
const PERSONAL = ['subject', 'subjects', 'participant', 'participants', 'id', 'ids', 'file', 'path', 'values'];
/** Fields that hold no free text: names of studies, cohorts and activities are in the clear in Temporal, too. */
const PLAIN = new Set(['name', 'workflowId', 'runId', 'cohort', 'activity', 'code', 'role', 'version']);

export function createLog({ name, level = process.env['SULCUS_LOG_LEVEL'] ?? 'info', sinks, redactor }: LogOptions): Logger {
  const streams = multistream(sinks.map((stream) => ({ level: 'trace' as const, stream })));
  if (redactor === null) return pino({ name, level }, streams);
  return pino({
    name, level,
    redact: { paths: PERSONAL.flatMap((key) => [key, `*.${key}`]), censor: '<left out>' },
    formatters: { log: (fields) => Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, PLAIN.has(key) ? value : redactDeep(value, redactor)])) },
    hooks: { logMethod(args, method) { method.apply(this, args.map((a: unknown) => (typeof a === 'string' ? redactor.redact(a) : a)) as Parameters<typeof method>); } },
  }, streams);
}

function redactDeep(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') return redactor.redact(value);
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redactor));
  if (value instanceof Error) return redactor.redact(value.message); // its stack and fields would repeat the message
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redactor.redact(key), redactDeep(item, redactor)]));
}

const COLOURS: [least: number, colour: string][] = [[50, '\x1b[31m'], [40, '\x1b[33m']];

/** Standard error: lines for a person on a terminal, else the JSON lines themselves. */
export function standardError(): LineSink {
  const terminal = process.stderr.isTTY, coloured = terminal && (process.env['NO_COLOR'] ?? '') === '';
  return {
    write(text) {
      const line = terminal ? parseLogLine(text) : null;
      if (line === null) { process.stderr.write(text); return; }
      const colour = coloured ? COLOURS.find(([least]) => line.level >= least)?.[1] : undefined;
      process.stderr.write(colour === undefined ? `${formatLogLine(line)}\n` : `${colour}${formatLogLine(line)}\x1b[0m\n`);
    },
  };
}

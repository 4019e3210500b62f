/** A line of a worker's log: JSON in STATE/logs/worker*.log, one line an event, as pino writes it. `formatLogLine` is how a person sees it. */

export interface LogLine {
  /** 10 trace, 20 debug, 30 information, 40 warning, 50 error, 60 fatal. */
  level: number;
  /** Milliseconds since 1970. */
  time: number;
  msg: string;
  pid?: number;
  hostname?: string;
  /** The workflow an activity or workflow line belongs to: a study's id, or `study/cohort`. */
  workflowId?: string;
  runId?: string;
  /** Absent on lines of a whole study. */
  cohort?: string;
  /** Name of the activity. */
  activity?: string;
  attempt?: number;
  /** Seconds the activity took, and waited in its queue before. */
  seconds?: number;
  wait?: number;
  /** Code and message of a failure. */
  code?: string;
  failure?: string;
  [other: string]: unknown;
}

const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
/** Shown in their own place, or of no use to a reader. */
const PLACED = new Set(['level', 'time', 'msg', 'name', 'pid', 'hostname', 'workflowId', 'runId', 'cohort', 'activity', 'attempt', 'failure', 'code']);

/** The line of a log file as a line for a terminal (no colour, no line break): time (UTC), level, where, what, and the other fields as key=value. */
export function formatLogLine(line: LogLine): string {
  const time = new Date(line.time).toISOString().slice(11, 23);
  const where = [line.workflowId, line.activity, line.attempt !== undefined && line.attempt > 1 ? `attempt ${line.attempt}` : undefined].filter((part) => part !== undefined).join(' · ');
  const others = Object.entries(line).filter(([key]) => !PLACED.has(key)).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const failure = line.failure === undefined ? '' : `: ${line.failure}${line.code === undefined ? '' : ` [${line.code}]`}`;
  const text = [time, (LEVELS[line.level] ?? String(line.level)).padEnd(5), where === '' ? '' : `${where}:`, `${line.msg}${failure}`, ...others].filter((part) => part !== '').join(' ');
  return text.replace(CONTROL, ' ');
}

/** What comes from files and messages must not move the cursor or break the line. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** A line of a log file; null for what is not one of ours (a native crash message, half a line). */
export function parseLogLine(text: string): LogLine | null {
  try {
    const line = JSON.parse(text) as Partial<LogLine> | null;
    return typeof line === 'object' && line !== null && typeof line.level === 'number' && typeof line.time === 'number' && typeof line.msg === 'string' ? (line as LogLine) : null;
  } catch {
    return null;
  }
}

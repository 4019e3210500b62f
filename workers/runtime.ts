/** Process-wide wiring: logs as JSON lines on stderr, Temporal's Rust core included. Participants' ids never enter a log. */
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { pino, type Logger } from 'pino';

export function createLogger(name: string): Logger {
  return pino({ name, level: process.env['SULCUS_LOG_LEVEL'] ?? 'info' }, pino.destination({ dest: 2, sync: true }));
}

/** Before anything of Temporal is used, once a process. Signals are handled by main.ts, which drains in the right order. */
export function installRuntime(log: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      const { error, ...fields } = meta ?? {};
      const at = level === 'ERROR' ? 'error' : level === 'WARN' ? 'warn' : level === 'INFO' ? 'info' : 'debug';
      log[at]({ ...fields, ...(error instanceof Error ? { failure: error.message } : {}) }, message);
    }),
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) } },
    shutdownSignals: [],
  });
}

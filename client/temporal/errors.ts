import { SulcusError } from '../../contracts/errors.js';

/** TEMPORAL_* variables or a profile that do not say where the server is, or contradict each other. */
export class TemporalSettingsError extends SulcusError {
  constructor(message: string, remedy: string, cause?: unknown) {
    super('temporal-settings', message, { remedy, cause });
  }
}

/** No Temporal binary could be found, fetched or built. `attempts` has one line for everything that was tried. */
export class TemporalNotFoundError extends SulcusError {
  readonly attempts: string[];

  constructor(attempts: string[], remedy: string) {
    super('temporal-not-found', `no Temporal server could be found:\n${attempts.map((line) => `  ${line}`).join('\n')}`, { remedy });
    this.attempts = attempts;
  }
}

/** The embedded server did not start, or stopped while starting; the message ends with the tail of its log. */
export class ServerStartError extends SulcusError {
  constructor(message: string, log: string, cause?: unknown) {
    super('server-start', message, { file: log, remedy: `read ${log}; a database of a newer server cannot be opened by an older one`, cause });
  }
}

/** A server that is there but does not answer, or refuses. */
export class ServerUnreachableError extends SulcusError {
  constructor(address: string, cause: unknown, why = cause instanceof Error ? cause.message : String(cause)) {
    super('server-unreachable', `the Temporal server at ${address} does not answer: ${why}`, { remedy: 'check TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TLS and API key of the profile or of TEMPORAL_* variables, or unset them to use the embedded server', cause });
  }
}

/** Another process has held the lock of a state folder for too long. */
export class StateLockedError extends SulcusError {
  constructor(folder: string, pid: number) {
    super('state-locked', `${folder} is held by process ${pid}`, { file: folder, remedy: `wait for it, or end process ${pid} if it hangs` });
  }
}

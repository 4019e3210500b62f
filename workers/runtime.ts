/** Process-wide wiring of the Temporal SDK: its log lines go to ours, its metrics and ours to one page for Prometheus. */
import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { SulcusError } from '../contracts/errors.js';
import type { Listen } from './args.js';
import { sdkLogger } from './log-sdk.js';
import { BUCKETS, Metrics } from './metrics.js';

/**
 * Before anything of Temporal is used, once a process. Signals are handled by main.ts, which drains in the right order. Serves the metrics at
 * `http://HOST:PORT/metrics` when an address is given. Throws METRICS_PORT_UNUSABLE; may then be called again without one.
 */
export function installRuntime(log: Logger, metrics: Listen | null): Metrics {
  const logging = { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) };
  const address = metrics === null ? '' : `${metrics.host.includes(':') ? `[${metrics.host}]` : metrics.host}:${metrics.port}`;
  const exporter = metrics === null ? {} : {
    metrics: { attachServiceName: false, prometheus: { bindAddress: address, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true, histogramBucketOverrides: BUCKETS } },
  };
  try {
    Runtime.install({ logger: sdkLogger(log), telemetryOptions: { logging, ...exporter }, shutdownSignals: [] });
  } catch (cause) {
    if (metrics === null) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SulcusError('METRICS_PORT_UNUSABLE', `metrics cannot be served on ${address}: ${why}`, { remedy: 'give --metrics-port (or SULCUS_METRICS_PORT) and SULCUS_METRICS_HOST an address that is free', cause });
  }
  return new Metrics(metrics === null ? null : Runtime.instance().metricMeter);
}

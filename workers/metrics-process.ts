/** Gauges that are read now and then: the process, its fits, its health. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FitsStanding } from './metrics-fits.js';
import type { Metrics } from './metrics.js';

const EVERY_MS = 1_000;

/** Sets the gauges every second; returns the function that ends it. Does nothing when no metrics are served. */
export function sampleProcess(metrics: Metrics, fits: () => FitsStanding, version: string): () => void {
  if (!metrics.enabled) return () => undefined;
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  metrics.set('sulcus_build_info', 1, { version, node: process.version });
  metrics.set('process_start_time_seconds', Date.now() / 1000 - process.uptime());
  const sample = (): void => {
    const { running, checkpointAge, progressAge } = fits();
    metrics.set('sulcus_running_fits', running);
    metrics.set('sulcus_checkpoint_age_seconds', checkpointAge);
    metrics.set('sulcus_fit_progress_age_seconds', progressAge);
    metrics.set('process_resident_memory_bytes', process.memoryUsage.rss());
    metrics.set('process_cpu_user_seconds', process.cpuUsage().user / 1e6);
    metrics.set('sulcus_event_loop_lag_seconds', delay.max / 1e9);
    delay.reset();
  };
  sample();
  const timer = setInterval(sample, EVERY_MS);
  return () => { clearInterval(timer); delay.disable(); };
}

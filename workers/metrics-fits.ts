/** The fits as a worker sees them: how long, how many passes, how good, and how much would be lost. */
import type { FitCallbacks, FitJob, FitRunner } from '../activities/index.js';
import { currentCohort } from './metrics-activity.js';
import type { Metrics } from './metrics.js';

interface RunningFit {
  /** When work began that is not stored yet: the start, the last checkpoint or the last finished rank. */
  stored: number;
  /** When its numbers last moved. */
  moved: number;
}

export interface FitsStanding {
  running: number;
  /** Longest time since a running fit's work was stored, and since its numbers moved; seconds, 0 when none runs. */
  checkpointAge: number;
  progressAge: number;
}

export class ObservedFits implements FitRunner {
  private readonly running = new Set<RunningFit>();

  constructor(private readonly fits: FitRunner & { close(): Promise<void> }, private readonly metrics: Metrics) {}

  async run(job: FitJob, callbacks: FitCallbacks): Promise<void> {
    const { metrics } = this, cohort = currentCohort();
    const own: RunningFit = { stored: performance.now(), moved: performance.now() };
    this.running.add(own);
    if (job.checkpoints.size > 0) metrics.count('sulcus_fits_resumed', { cohort }, job.checkpoints.size);
    try {
      await this.fits.run(job, {
        signal: callbacks.signal,
        onProgress(progress) {
          own.moved = performance.now();
          callbacks.onProgress(progress);
        },
        async onFit(fit, seconds) {
          await callbacks.onFit(fit, seconds);
          own.stored = own.moved = performance.now();
          metrics.observe('sulcus_fit_duration_seconds', seconds, { cohort });
          metrics.observe('sulcus_fit_passes', fit.passes, { cohort });
          metrics.observe('sulcus_fit_residual', fit.residual, { cohort });
          metrics.count('sulcus_fits', { cohort, converged: String(fit.converged) });
        },
        async onCheckpoint(rank, checkpoint) {
          await callbacks.onCheckpoint(rank, checkpoint);
          own.stored = performance.now();
          metrics.count('sulcus_checkpoints', { cohort });
        },
      });
    } finally {
      this.running.delete(own);
    }
  }

  close(): Promise<void> {
    return this.fits.close();
  }

  standing(): FitsStanding {
    const now = performance.now(), oldest = (times: number[]): number => Math.max(0, ...times.map((t) => now - t)) / 1000;
    return { running: this.running.size, checkpointAge: oldest([...this.running].map((f) => f.stored)), progressAge: oldest([...this.running].map((f) => f.moved)) };
  }
}

/**
 * The metrics of a worker, by Prometheus' conventions: base units, `_total` for counters. They go through the Temporal SDK's meter, so that its own
 * metrics and these are one page, served by its Rust core, which answers while the event loop is stuck. Labels are few and bounded: names of
 * cohorts, steps, activities and failure codes; never a workflow's, run's or participant's.
 */
import type { MetricCounter, MetricGauge, MetricHistogram, MetricMeter } from '@temporalio/common';

const SECONDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000];
const PASSES = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];
const RESIDUALS = [1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1];

interface Definition {
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  buckets?: number[];
}

/** Counters are named here without their `_total`, which the exporter adds. docs/monitoring.md explains each. */
export const METRICS = {
  sulcus_fit_duration_seconds: { kind: 'histogram', help: 'Time of computing a fit (one rank of one half or of the whole cohort), its start included.', buckets: SECONDS },
  sulcus_fit_passes: { kind: 'histogram', help: 'Passes over the data a fit took.', buckets: PASSES },
  sulcus_fit_residual: { kind: 'histogram', help: 'Residual r at which a fit stopped.', buckets: RESIDUALS },
  sulcus_fits: { kind: 'counter', help: 'Fits computed, by whether they converged.' },
  sulcus_fits_resumed: { kind: 'counter', help: 'Fits that went on from a checkpoint.' },
  sulcus_checkpoints: { kind: 'counter', help: 'Checkpoints written.' },
  sulcus_running_fits: { kind: 'gauge', help: 'Fit activities that run now.' },
  sulcus_checkpoint_age_seconds: { kind: 'gauge', help: 'Work that would be lost if the worker died now: the longest time since a running fit began or was last stored; 0 when none runs.' },
  sulcus_fit_progress_age_seconds: { kind: 'gauge', help: 'Longest time since the numbers of a running fit last moved; 0 when none runs.' },
  sulcus_running_programs: { kind: 'gauge', help: 'Steps of pipelines whose programs run now.' },
  sulcus_waiting_programs: { kind: 'gauge', help: 'Steps of pipelines that have come to this worker and wait for cores or memory.' },
  sulcus_steps: { kind: 'counter', help: 'Steps of studies, by whether they were computed or reused from the store.' },
  sulcus_queue_wait_seconds: { kind: 'histogram', help: 'Time between the scheduling of an activity attempt (by the server\'s clock) and its start here (by this machine\'s).', buckets: SECONDS },
  sulcus_activity_duration_seconds: { kind: 'histogram', help: 'Time an activity attempt took, by how it ended: ok, failed or cancelled.', buckets: SECONDS },
  sulcus_activity_failures: { kind: 'counter', help: 'Activity attempts that failed, by failure code.' },
  sulcus_cohort_subjects: { kind: 'gauge', help: 'Subjects of a cohort when it was last assembled here: analysed or excluded.' },
  sulcus_ready: { kind: 'gauge', help: '1 while /readyz would answer 200, else 0.' },
  sulcus_check_ok: { kind: 'gauge', help: '1 while a check of /readyz passes, else 0.' },
  sulcus_store_free_bytes: { kind: 'gauge', help: 'Free space where the artifact store lies.' },
  sulcus_event_loop_lag_seconds: { kind: 'gauge', help: 'Longest delay of the event loop in the last second.' },
  sulcus_build_info: { kind: 'gauge', help: 'Always 1; the versions are its labels.' },
  process_resident_memory_bytes: { kind: 'gauge', help: 'Resident memory of the process, fit threads included.' },
  process_cpu_user_seconds: { kind: 'gauge', help: 'User CPU time of the process so far, fit threads included.' },
  process_start_time_seconds: { kind: 'gauge', help: 'Start time of the process since 1970.' },
} as const satisfies Record<string, Definition>;

export type MetricName = keyof typeof METRICS;

/** Histogram boundaries for the exporter, Temporal's latencies included: fits wait for hours, not milliseconds. */
export const BUCKETS: Record<string, number[]> = {
  ...Object.fromEntries(Object.entries(METRICS).flatMap(([name, d]: [string, Definition]) => (d.buckets === undefined ? [] : [[name, d.buckets]]))),
  activity_schedule_to_start_latency: SECONDS, activity_execution_latency: SECONDS, activity_succeed_endtoend_latency: SECONDS,
};

/** Distinct values a label may take; what comes later counts as `other`. */
const MOST_VALUES = 60;

/** Every combination of label values is a series that Prometheus keeps: their number must not grow with the studies. */
export class BoundedLabels {
  private readonly values = new Map<string, Set<string>>();

  bound(metric: string, labels: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(labels).map(([label, value]) => {
      const seen = this.values.get(`${metric} ${label}`) ?? new Set<string>();
      this.values.set(`${metric} ${label}`, seen);
      if (seen.size < MOST_VALUES) seen.add(value);
      return [label, seen.has(value) ? value : 'other'];
    }));
  }
}

export class Metrics {
  private readonly instruments = new Map<MetricName, MetricCounter | MetricGauge | MetricHistogram>();
  private readonly labels = new BoundedLabels();

  /** Without a meter nothing is recorded. */
  constructor(meter: MetricMeter | null) {
    if (meter === null) return;
    for (const [name, { kind, help }] of Object.entries(METRICS) as [MetricName, Definition][]) {
      this.instruments.set(name, kind === 'counter' ? meter.createCounter(name, '', help) : kind === 'gauge' ? meter.createGauge(name, 'float', '', help) : meter.createHistogram(name, 'float', '', help));
    }
  }

  get enabled(): boolean {
    return this.instruments.size > 0;
  }

  count(name: MetricName, labels: Record<string, string> = {}, by = 1): void {
    const instrument = this.instruments.get(name);
    if (instrument?.kind === 'counter') instrument.add(by, this.labels.bound(name, labels));
  }

  observe(name: MetricName, value: number, labels: Record<string, string> = {}): void {
    const instrument = this.instruments.get(name);
    if (instrument?.kind === 'histogram') instrument.record(Math.max(0, value), this.labels.bound(name, labels));
  }

  set(name: MetricName, value: number, labels: Record<string, string> = {}): void {
    const instrument = this.instruments.get(name);
    if (instrument?.kind === 'gauge') instrument.set(value, this.labels.bound(name, labels));
  }
}

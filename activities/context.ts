/** What the durable steps are given: a store, a way to run fits, a log. Built by workers/, or by a test. */
import type { FitRunner } from './fit-runner.js';
import type { Slots } from './imaging/slots.js';
import type { TaskRunner } from './resampling/runner.js';
import type { ArtifactStore } from '../storage/store.js';

export interface ControlContext {
  store: ArtifactStore;
  /** Version of sulcus, for provenance. */
  version: string;
  /** Threads for what takes seconds. */
  tasks: TaskRunner;
}

export interface ComputeContext {
  store: ArtifactStore;
  fits: FitRunner;
  tasks: TaskRunner;
}

export interface ToolsContext {
  store: ArtifactStore;
  /** What programs may take of this machine. */
  slots: Slots;
}

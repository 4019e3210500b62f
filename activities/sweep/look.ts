/** What every part of a sweep looks with. */
import type { RunInfo } from '../../contracts/activities.js';
import type { StudySpec } from '../../contracts/study.js';
import type { ArtifactStore } from '../../storage/store.js';
import type { ControlContext } from '../context.js';
import type { ManifestSubject, RegionDocument } from '../ingest/documents.js';
import type { LastRun } from './last-run.js';

export interface Look {
  context: ControlContext;
  store: ArtifactStore;
  run: RunInfo;
  spec: StudySpec;
  directory: string;
  region: RegionDocument;
  regionKey: string;
  last: LastRun | null;
  /** ms since 1970. */
  now: number;
  settleMs: number;
}

/** A participant without files: the row as it is analysed. */
export type About = Omit<ManifestSubject, 'files' | 'problem'>;

/** A participant whom the last run analysed. */
export interface Known {
  about: About;
  /** Of the artifact made from their files. */
  key: string;
}

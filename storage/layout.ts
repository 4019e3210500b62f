/** Names of what a store holds. */
import type { ArtifactKind, ArtifactRef } from '../contracts/refs.js';

export const ARTIFACTS = 'artifacts', DRAFTS = 'drafts', RUNS = 'runs', USES = 'uses', NOTES = 'notes', DECISIONS = 'decisions';

export const artifactName = ({ kind, key }: ArtifactRef): string => `${ARTIFACTS}/${kind}/${key.slice(0, 2)}/${key}`;
export const draftName = ({ kind, key }: ArtifactRef): string => `${DRAFTS}/${kind}/${key}`;
export const stepsName = (runId: string, name: string): string => `${RUNS}/${runId}/${name}.json`;
/** What a finished run found, and that it finished. */
export const resultName = (runId: string): string => `${RUNS}/${runId}/results.gz`;
export const finishedName = (runId: string): string => `${RUNS}/${runId}/finished`;
export const usesName = (runId: string, name: string): string => `${USES}/${runId}/${name}.json`;
export const noteName = (name: string): string => `${NOTES}/${name.slice(0, 2)}/${name}`;
export const decisionName = (path: string): string => `${DECISIONS}/${path}.json`;

/** The artifact or draft of a name; null for everything else: other records, and what was set aside. */
export function refOf(name: string): ArtifactRef | null {
  const match = /^(?:artifacts\/([a-z-]+)\/[0-9a-f]{2}|drafts\/([a-z-]+))\/([0-9a-f]{64})$/.exec(name);
  return match === null ? null : { kind: (match[1] ?? match[2]) as ArtifactKind, key: match[3] as string };
}

export const isSetAside = (name: string): boolean => /\.damaged-\d+$/.test(name);

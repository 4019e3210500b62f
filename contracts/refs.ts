/** A pointer to an artifact in the store: what travels through Temporal instead of data. */
export interface ArtifactRef {
  /** Hash of the step's name, version, inputs and parameters. */
  key: string;
  kind: ArtifactKind;
}

export type ArtifactKind =
  | 'region' | 'manifest' | 'stat' | 'subject' | 'shard' | 'dataset' | 'matrix' | 'spectra' | 'fit' | 'stability' | 'evidence' | 'rank' |
  'match' | 'parcellation' | 'indices' | 'statistics' | 'surface' | 'modes' | 'null' | 'bootstrap' | 'exclusion' | 'waiting' | 'list' | 'drawn' | 'picture' | 'residuals' | 'pages' | 'pipeline' | 'unprocessed';

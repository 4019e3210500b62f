/**
 * What the paper behind this analysis reports (J Psychiatry Neurosci, doi 10.1503/jpn.210113): for comparison only.
 * It prints absolute t; the sign here is the direction its words give (first group minus second).
 */

export interface ReportedPair {
  cohort: 'tokyo' | 'toronto';
  metric: 'thickness' | 'md';
  component: number;
  a: string;
  b: string;
  t: number;
  p: string;
}

const pair = (cohort: ReportedPair['cohort'], metric: ReportedPair['metric'], component: number, a: string, b: string, t: number, p: string): ReportedPair => ({ cohort, metric, component, a, b, t, p });

/** Thickness is lower, diffusivity higher, in the first group of every pair. */
export const PAIRS: readonly ReportedPair[] = [
  pair('tokyo', 'thickness', 1, 'TRS', 'HC', -4.18, '< .001'),
  pair('tokyo', 'thickness', 1, 'FLR', 'HC', -3.83, '< .001'),
  pair('tokyo', 'thickness', 2, 'TRS', 'HC', -5.1, '< .001'),
  pair('tokyo', 'thickness', 2, 'FLR', 'HC', -4.29, '< .001'),
  pair('tokyo', 'md', 1, 'TRS', 'HC', 3.55, '.003'),
  pair('tokyo', 'md', 1, 'FLR', 'HC', 2.58, '.02'),
  pair('tokyo', 'md', 2, 'TRS', 'HC', 3.05, '.011'),
  pair('toronto', 'thickness', 1, 'UTRS', 'HC', -3.58, '.003'),
  pair('toronto', 'thickness', 1, 'CLZ', 'HC', -3.57, '.003'),
  pair('toronto', 'thickness', 2, 'UTRS', 'HC', -4.11, '< .001'),
  pair('toronto', 'thickness', 2, 'CLZ', 'HC', -4.36, '< .001'),
  pair('toronto', 'md', 1, 'UTRS', 'CLZ', 2.64, '.039'),
  pair('toronto', 'md', 1, 'UTRS', 'HC', 2.75, '.039'),
  pair('toronto', 'md', 2, 'UTRS', 'CLZ', 2.93, '.018'),
  pair('toronto', 'md', 2, 'UTRS', 'HC', 2.97, '.018'),
];

export interface ReportedR {
  cohort: 'tokyo' | 'toronto';
  metric: 'thickness' | 'md';
  component: number;
  r: number;
  /** Printed beside r, but not its own p. */
  p: string;
}

const relation = (cohort: ReportedR['cohort'], metric: ReportedR['metric'], component: number, r: number, p: string): ReportedR => ({ cohort, metric, component, r, p });

export const RELATIONS: readonly ReportedR[] = [
  relation('tokyo', 'thickness', 1, -0.396, '.004'),
  relation('tokyo', 'thickness', 2, -0.474, '< .001'),
  relation('tokyo', 'md', 1, 0.217, '.049'),
  relation('tokyo', 'md', 2, 0.202, '.054'),
  relation('toronto', 'thickness', 1, -0.212, '.007'),
  relation('toronto', 'thickness', 2, -0.281, '.002'),
  relation('toronto', 'md', 1, 0.233, '.002'),
  relation('toronto', 'md', 2, 0.244, '.002'),
];

export const LEVELS = [
  { cohort: 'tokyo', a: 'TRS', b: 'HC', p: '.005' },
  { cohort: 'toronto', a: 'UTRS', b: 'HC', p: '.038' },
] as const;

export const RANK = 4;
export const RAND = 0.8;
export const SPECTRA_LEFT_OUT: Readonly<Record<'tokyo' | 'toronto', number>> = { tokyo: 8, toronto: 0 };

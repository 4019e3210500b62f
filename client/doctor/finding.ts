/** What `sulcus doctor` found about one thing. */

/** ok; warn: sulcus works, with the cost told; bad: something needed is missing or broken. */
export type Verdict = 'ok' | 'warn' | 'bad';

export type Area = 'installed' | 'pipelines' | 'machine' | 'state' | 'temporal';

export interface Finding {
  area: Area;
  /** What was looked at: `Node`, `free space`. */
  name: string;
  verdict: Verdict;
  /** What was found, a phrase. */
  found: string;
  /** What it would cost to leave it so; null when ok. */
  cost: string | null;
  /** What to do about it; null when ok. */
  remedy: string | null;
}

export const ok = (area: Area, name: string, found: string): Finding => ({ area, name, verdict: 'ok', found, cost: null, remedy: null });
export const warn = (area: Area, name: string, found: string, cost: string, remedy: string): Finding => ({ area, name, verdict: 'warn', found, cost, remedy });
export const bad = (area: Area, name: string, found: string, cost: string, remedy: string): Finding => ({ area, name, verdict: 'bad', found, cost, remedy });

/** Whether version `a` (numbers and dots) is older than `b`. */
export const older = (a: string, b: string): boolean => a.localeCompare(b, 'en', { numeric: true }) < 0;

export const bytes = (n: number): string => (n >= 1e12 ? `${(n / 1e12).toFixed(1)} TB` : n >= 1e9 ? `${(n / 1e9).toFixed(1)} GB` : `${Math.round(n / 1e6)} MB`);

/** The people of a simulated scan study: groups alternate, and what their groups and ages do to each part's tensor. */
import { createRandom } from '../../analysis/random.js';
import { PARTS, type Tissue } from './anatomy.js';

export const SCAN_GROUPS = ['HC', 'PAT'] as const;

export interface ScannedPerson {
  id: string;
  group: (typeof SCAN_GROUPS)[number];
  /** Years. */
  age: number;
  sex: 'F' | 'M';
  parts: Tissue[];
}

/**
 * A healthy person of 40: front, back, top, bottom. MD in mm2/s. Each part is like one neighbour in FA and like the other in MD, so that no two of them are one part
 * to both: four is the number of parts that halves of a cohort agree on.
 */
const TYPICAL: readonly Tissue[] = [{ fa: 0.34, md: 0.76e-3 }, { fa: 0.5, md: 0.76e-3 }, { fa: 0.34, md: 0.9e-3 }, { fa: 0.5, md: 0.9e-3 }];
/** Differences of patients, by part: less FA in front, more MD on top; per year of age; and the spread between people, of each part on its own. */
const PATIENT: readonly Tissue[] = [{ fa: -0.08, md: 0 }, { fa: 0, md: 0 }, { fa: 0, md: 0.08e-3 }, { fa: 0, md: 0 }];
const YEAR: Tissue = { fa: -0.0006, md: 0.0008e-3 }, SPREAD: Tissue = { fa: 0.02, md: 0.02e-3 };

/** `size` people; ages are spread alike in both groups, and half of each are women. The same seed and name give the same people. */
export function scannedPeople(cohort: string, size: number, seed: number): ScannedPerson[] {
  const random = createRandom(`${seed}/scans/${cohort}/people`);
  const bounded = (): number => Math.max(-2.5, Math.min(2.5, random.normal()));
  return Array.from({ length: size }, (_, i) => {
    const patient = i % 2 === 1, age = 22 + Math.round((34 * (Math.floor(i / 2) + random.uniform())) / Math.ceil(size / 2));
    const parts = Array.from({ length: PARTS }, (_, k): Tissue => ({
      fa: TYPICAL[k]!.fa + (patient ? PATIENT[k]!.fa : 0) + YEAR.fa * (age - 40) + SPREAD.fa * bounded(),
      md: TYPICAL[k]!.md + (patient ? PATIENT[k]!.md : 0) + YEAR.md * (age - 40) + SPREAD.md * bounded(),
    }));
    return { id: `sub-${cohort.replace(/[^A-Za-z0-9]/g, '')}${String(i + 1).padStart(3, '0')}`, group: patient ? 'PAT' : 'HC', age, sex: i % 4 < 2 ? 'F' : 'M', parts };
  });
}

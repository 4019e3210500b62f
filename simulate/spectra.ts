/** Spectroscopy files: LCModel tables and tissue fractions whose corrected Glx, concentration / (1 - csf), is the designed value. */
import { createRandom } from '../analysis/random.js';
import { writeLcmodelTable } from '../formats/lcmodel-write.js';
import type { SimulatedCohort } from './cohort.js';

/** Hz per ppm of the simulated 3 T scanner. */
export const HZPPPM = 127.7;
export const QUALITY = { snr: 10, fwhm: 10, sd: 20 };

export interface Spectrum {
  id: string;
  /** Text of the .table. */
  table: string;
  /** Why it fails quality control; empty when it passes. */
  reasons: ('snr' | 'fwhm' | 'sd')[];
  tissue: { f_gm: number; f_wm: number; f_csf: number };
}

/** Other metabolites, relative to Cr+PCr = 8: mean and %SD. */
const OTHERS: readonly (readonly [string, number, number])[] = [
  ['Asp', 2.1, 24], ['Cr', 4.4, 6], ['GABA', 1.6, 21], ['Glc', 1.1, 38], ['GSH', 1.9, 11], ['GPC', 1.5, 6], ['Ins', 5.6, 5], ['Lac', 0.6, 44], ['NAA', 9.1, 3], ['NAAG', 1.2, 15],
  ['PCr', 3.6, 7], ['Tau', 1.4, 22], ['-CrCH2', 0, 999],
];

/** One spectrum per participant. LCModel prints three decimals; what they lose is made up in the csf fraction, which is printed in full. */
export function drawSpectra(cohort: SimulatedCohort, seed: number): Spectrum[] {
  const random = createRandom(`${seed}/simulate/${cohort.name}/spectra`);
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  let failures = 0;
  return cohort.people.map((person, i) => {
    const kind = person.failing ? failures++ % 4 : -1;
    const reasons: Spectrum['reasons'] = kind === -1 ? [] : kind === 0 ? ['fwhm'] : kind === 1 ? ['snr'] : kind === 2 ? ['sd'] : ['snr', 'fwhm'];
    const fwhmPpm = Math.round(1000 * (reasons.includes('fwhm') ? between(0.082, 0.11) : between(0.036, 0.068))) / 1000;
    const snr = Math.round(reasons.includes('snr') ? between(5.6, 10.4) : between(15, 38));
    const sdPercent = Math.round(reasons.includes('sd') ? between(20.6, 32) : between(5, 11));
    const corrected = cohort.glx[i]!;
    const concentration = Math.round(1000 * corrected * (1 - between(0.08, 0.2))) / 1000;
    const csf = 1 - concentration / corrected;
    const gm = (1 - csf) * between(0.62, 0.74);
    const glu = Math.round(1000 * concentration * between(0.76, 0.84)) / 1000;
    const creatine = between(7.2, 8.8);
    const rows: [string, { value: number; sdPercent: number; ratio: number }][] = [];
    const add = (name: string, value: number, sd: number): void => { rows.push([name, { value, sdPercent: sd, ratio: value / creatine }]); };
    for (const [name, mean, sd] of OTHERS) {
      if (name === 'GSH') add('Gln', concentration - glu, Math.round(2.5 * sdPercent));
      add(name, mean * between(0.85, 1.15), sd === 999 ? 999 : Math.max(2, Math.round(sd * between(0.8, 1.2))));
      if (name === 'GSH') add('Glu', glu, Math.max(3, Math.round(0.9 * sdPercent)));
    }
    const value = (name: string): number => rows.find(([n]) => n === name)?.[1].value ?? 0;
    add('NAA+NAAG', value('NAA') + value('NAAG'), 3);
    add('Cr+PCr', creatine, 2);
    add('Glu+Gln', concentration, sdPercent);
    const table = writeLcmodelTable({ title: `${cohort.name} ${cohort.ids[i]} simulated`, ratioTo: 'Cr+PCr', concentrations: rows, fwhmPpm, snr, hzpppm: HZPPPM });
    return { id: cohort.ids[i]!, table, reasons, tissue: { f_gm: gm, f_wm: 1 - csf - gm, f_csf: csf } };
  });
}

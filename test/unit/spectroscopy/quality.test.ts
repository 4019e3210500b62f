import { describe, expect, it } from 'vitest';
import { failedLimits, fwhmStep, nearLimits, type QualityMeasure } from '../../../analysis/spectroscopy/index.js';

const LIMITS = { snr: 10, fwhm: 10, sd: 20 };
/** FWHM (ppm), S/N and %SD of the ten voxels of a real multi-voxel LCModel run at 123.23 Hz per ppm, 512 points of 0.8 ms; what is expected of them. */
const VOXELS: [fwhm: number, snr: number, sd: number, failed: QualityMeasure[], near: QualityMeasure[]][] = [
  [0.05, 40, 4, [], []],
  [0.069, 23, 23, ['sd'], []],
  [0.079, 39, 7, [], ['fwhm']],
  [0.059, 17, 9, [], []],
  [0.079, 14, 13, [], ['fwhm']],
  [0.069, 17, 6, [], []],
  [0.099, 8, 8, ['snr', 'fwhm'], []],
  [0.079, 21, 10, [], ['fwhm']],
  [0.089, 9, 10, ['snr', 'fwhm'], ['fwhm']],
  [0.109, 18, 15, ['fwhm'], []],
];
const figures = (fwhmHz: number, snr: number, sdPercent: number): { fwhmHz: number; snr: number; sdPercent: number } => ({ fwhmHz, snr, sdPercent });

describe('quality limits', () => {
  const step = fwhmStep(123.23, { nunfil: 512, deltat: 8e-4 });

  it('the step of FWHM is a point of the zero-filled spectrum', () => {
    expect(step).toBeCloseTo(1.2207, 4);
    for (const [ppm] of VOXELS) expect(Math.abs(ppm * 123.23 / step - Math.round(ppm * 123.23 / step))).toBeLessThan(0.06);
  });

  it.each(VOXELS)('FWHM %s ppm, S/N %s, %%SD %s: fails %j, near %j', (ppm, snr, sd, failed, near) => {
    expect(failedLimits(figures(ppm * 123.23, snr, sd), LIMITS)).toEqual(failed);
    expect(nearLimits(figures(ppm * 123.23, snr, sd), LIMITS, step)).toEqual(near);
  });

  it.each([
    [{ snr: 10, fwhmHz: 5, sdPercent: 5 }, ['snr'], ['snr']],
    [{ snr: 11, fwhmHz: 5, sdPercent: 5 }, [], ['snr']],
    [{ snr: 9, fwhmHz: 5, sdPercent: 5 }, ['snr'], []],
    [{ snr: 40, fwhmHz: 10, sdPercent: 5 }, ['fwhm'], ['fwhm']],
    [{ snr: 40, fwhmHz: 5, sdPercent: 19 }, [], ['sd']],
    [{ snr: 40, fwhmHz: 5, sdPercent: 20 }, ['sd'], ['sd']],
    [{ snr: 40, fwhmHz: 5, sdPercent: 21 }, ['sd'], []],
    [{ snr: null, fwhmHz: null, sdPercent: null }, [], []],
  ])('at and beside the limits: %j', (one, failed, near) => {
    expect(failedLimits(one, LIMITS)).toEqual(failed);
    expect(nearLimits(one, LIMITS, 1.2)).toEqual(near);
  });

  it('without the acquisition the step is a hundredth of a ppm', () => {
    expect(fwhmStep(127.7, { nunfil: null, deltat: 2e-4 })).toBeCloseTo(1.277, 10);
    expect(fwhmStep(127.7, { nunfil: 1024, deltat: 0 })).toBeCloseTo(1.277, 10);
  });
});

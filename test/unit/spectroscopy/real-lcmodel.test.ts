/** Real LCModel tables, where they are at hand beside the checkout. Skipped with a notice without them. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { blockingDiagnostics, readLcmodel } from '../../../activities/ingest/spectra.js';
import { waterScaling } from '../../../activities/ingest/tissue.js';
import { failedLimits, fwhmStep, nearLimits } from '../../../analysis/spectroscopy/index.js';
import { controlNumber, readLcmodelControl } from '../../../formats/index.js';

const samples = fileURLToPath(new URL('../../../../shared/data/lcmodel/', import.meta.url));
const present = existsSync(`${samples}out.table`);
if (!present) process.stderr.write(`skipped: the real LCModel tables are not at ${samples}\n`);
const LIMITS = { snr: 10, fwhm: 10, sd: 20 };

describe.skipIf(!present)('real LCModel tables', () => {
  it.each([
    ['multi-voxel_sl1_1-1.table', [], []], ['multi-voxel_sl1_1-2.table', ['sd'], []], ['multi-voxel_sl1_1-7.table', ['snr', 'fwhm'], []], ['multi-voxel_sl1_1-9.table', ['snr', 'fwhm'], ['fwhm']],
    ['multi-voxel_sl1_1-10.table', ['fwhm'], []], ['out.table', ['fwhm'], ['fwhm']], ['out.coord', ['fwhm'], ['fwhm']],
  ])('%s fails %j, and is near %j', (name, failed, near) => {
    const bytes = readFileSync(`${samples}${name}`), table = readLcmodel(bytes, name), control = readLcmodelControl(bytes), hz = table.hzpppm ?? NaN;
    const figures = { snr: table.snr, fwhmHz: table.fwhmPpm * hz, sdPercent: table.concentrations.get('Glu+Gln')?.sdPercent ?? null };
    const step = fwhmStep(hz, { nunfil: controlNumber(control, 'nunfil'), deltat: controlNumber(control, 'deltat') });
    expect([failedLimits(figures, LIMITS), nearLimits(figures, LIMITS, step)]).toEqual([failed, near]);
    // Line widths are whole steps: that is what the step is.
    expect(Math.abs(figures.fwhmHz / step - Math.round(figures.fwhmHz / step))).toBeLessThan(0.07);
  });

  it('a failed water scaling blocks, unless it is waived', () => {
    const bytes = readFileSync(`${samples}multi-voxel_sl1_1-10.table`), { diagnostics } = readLcmodel(bytes, 't');
    expect(blockingDiagnostics(diagnostics, false).map((d) => d.code)).toEqual(['WSCALE 1']);
    expect(blockingDiagnostics(diagnostics, ['WSCALE'])).toEqual([]);
    expect(waterScaling(readLcmodelControl(bytes))).toEqual({ wconc: 39590, atth2o: 1, attmet: 1 });
  });
});

/** Real CIVET files from a bare folder to the report: init, check, run. Needs the samples beside the checkout, and is skipped with a notice without them. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAnnot, readGifti, readLabelText, readNpy, readVertexLabels } from '../../formats/index.js';
import { readResults, sulcus } from './harness.js';
import { haveSamples, realStudy, VERTICES } from './real-civet.js';

describe.skipIf(!haveSamples())('a study of real CIVET files', () => {
  let study: ReturnType<typeof realStudy>;
  beforeAll(() => { study = realStudy(20); });
  afterAll(() => rmSync(study.directory, { recursive: true, force: true, maxRetries: 5 }));

  it('init finds the metric, the mesh, the groups and the region', async () => {
    const init = await sulcus(['init', '.', '--name', 'real'], study.directory);
    expect([init.code, init.stderr]).toEqual([0, '']);
    const text = readFileSync(join(study.directory, 'study.yaml'), 'utf8');
    expect(text).toContain('surface: { vertices: 40962, hemispheres: [left, right] }');
    expect(text).toContain('thickness: { file: "thickness/{id}_native_rms_rsl_tlaplace_0mm_{side}.txt", unit: mm }');
    expect(text).toContain('groups: [HC, FEP]');
    expect(text).toContain('include: [CaudalAnteriorCingulate, RostralAnteriorCingulate]');
    writeFileSync(join(study.directory, 'study.yaml'), `${text}factorization: { ranks: [2, 4] }\nstability: { splits: 2 }\n`);
  }, 60_000);

  it('check reads it: 847 vertices a hemisphere, 698 of them within the midline mask', async () => {
    const check = await sulcus(['check', 'study.yaml', '--json'], study.directory);
    const report = JSON.parse(check.stdout) as { ok: boolean; problems: { code: string }[]; region: object[]; cohorts: object[] };
    expect([check.code, report.ok]).toEqual([0, true]);
    expect(report.region).toEqual(['left', 'right'].map((side) => ({ side, vertices: 847, region: 847, cortex: 698 })));
    expect(report.cohorts).toMatchObject([{ subjects: 20, usable: 20, files: 40 }]);
    expect(report.problems.filter((p) => /SWAPPED|DUPLICATE|UNIT|NEGATIVE|CONSTANT|ZEROS|HIGH/.test(p.code))).toEqual([]);
  }, 60_000);

  it('runs to the report, and its parcellation can be read in every format', async () => {
    const run = await sulcus(['run', 'study.yaml'], study.directory);
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('report:')]);
    const results = readResults(join(study.directory, 'results')), cohort = results.cohorts['all'];
    expect(cohort).toMatchObject({ subjects: 20, excluded: [], vertices: 1694, region: { left: 847, right: 847, midlineDropped: 0, counts: [{ side: 'left', region: 847, cortex: 698 }, { side: 'right', region: 847, cortex: 698 }] } });
    expect(cohort?.ancova).toHaveLength(results.rank.chosen ?? 0);
    expect(cohort?.ancova.every((row) => row.p !== null && row.n === 20)).toBe(true);
    expect(readFileSync(join(study.directory, 'results', 'report.html'), 'utf8')).toContain('thickness');

    const read = (name: string): Uint8Array => readFileSync(join(study.directory, 'results', 'parcellation', name));
    const labels = readLabelText(read('all_left.txt'), { file: 'text', vertices: VERTICES });
    expect(labels.filter((v) => v > 0)).toHaveLength(847);
    expect(readVertexLabels(read('all_left.label.gii'), { file: 'gii', vertices: VERTICES, hemisphere: 'left' }).labels).toEqual(labels);
    expect(readAnnot(read('lh.all.annot'), { file: 'annot' }).labels).toEqual(labels);
    const W = readNpy(read('all_W.npy'), { file: 'npy' }), maps = readGifti(read('all_left_W.shape.gii'), { file: 'gii' }).arrays;
    const first = labels.findIndex((v) => v > 0);
    expect(maps).toHaveLength(results.rank.chosen ?? 0);
    expect(maps.map((m) => m.data?.[first])).toEqual(maps.map((_, k) => Math.fround(W.data[k] as number)));
  }, 180_000);

  it('midline: drop leaves 698 vertices a hemisphere', async () => {
    const text = readFileSync(join(study.directory, 'study.yaml'), 'utf8').replace('midline: keep', 'midline: drop');
    writeFileSync(join(study.directory, 'drop.yaml'), text);
    const check = await sulcus(['check', 'drop.yaml', '--json'], study.directory);
    expect(JSON.parse(check.stdout)).toMatchObject({ ok: true, region: ['left', 'right'].map((side) => ({ side, vertices: 698, region: 847, cortex: 698 })) });
  }, 60_000);
});

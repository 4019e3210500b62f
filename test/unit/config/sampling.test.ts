import { describe, expect, it } from 'vitest';
import { StudyFileError, parseStudy, type Problem } from '../../../config/index.js';
import type { MetricSpec } from '../../../contracts/study.js';

const text = (metric: string, surface = '{}'): string =>
  `study: s\nsurface: ${surface}\nregion: { mask: mask.txt }\nmetrics:\n  md: ${metric}\ncohorts:\n  a: { prefix: P, groups: [HC] }\n`;
const spec = (metric: string, surface?: string): MetricSpec => parseStudy(text(metric, surface), 'study.yaml').spec.metrics[0]!;
function problems(metric: string, surface?: string): Problem[] {
  try {
    return parseStudy(text(metric, surface), 'study.yaml').warnings;
  } catch (error) {
    if (!(error instanceof StudyFileError)) throw error;
    return error.problems;
  }
}
const VOLUME = 'volume: "dwi/{id}_MD.nii.gz"', SURFACE = 'surface: "civet/{id}/{prefix}_{id}_mid_surface_rsl_{side}_81920.obj"';

describe('metrics from volumes', () => {
  it('are read with every default filled in', () => {
    expect(spec(`{ ${VOLUME}, ${SURFACE}, unit: mm2/s }`)).toEqual({
      name: 'md', file: 'dwi/{id}_MD.nii.gz', unit: 'mm2/s', surface: 'civet/{id}/{prefix}_{id}_mid_surface_rsl_{side}_81920.obj', sampling: { transforms: [], frame: null, background: null },
    });
    expect(spec(`{ ${VOLUME}, ${SURFACE}, transform: "t/{id}.xfm", smooth: 30, frame: 2, background: 0 }`)).toMatchObject({ smooth: 30, sampling: { transforms: [{ file: 't/{id}.xfm', invert: false }], frame: 2, background: 0 } });
    expect(spec(`{ ${VOLUME}, ${SURFACE}, transform: [ { file: "{id}_tal.xfm", invert: true }, "{id}.txt" ] }`).sampling?.transforms).toEqual([{ file: '{id}_tal.xfm', invert: true }, { file: '{id}.txt', invert: false }]);
    const shared = parseStudy(text(`{ ${VOLUME} }`, '{ mesh: { left: l.obj, right: r.obj } }'), 'study.yaml').spec;
    expect(shared.surface.mesh).toEqual({ left: 'l.obj', right: 'r.obj' });
    expect(shared.metrics[0]).not.toHaveProperty('surface');
  });

  it('leave a plain metric as it was', () => {
    expect(spec('{ file: "{id}_{side}.txt" }')).toEqual({ name: 'md', file: '{id}_{side}.txt', unit: null });
    expect(parseStudy(text('{ file: "{id}_{side}.txt" }'), 'study.yaml').spec.surface).toEqual({ vertices: 40962, hemispheres: ['left', 'right'] });
    expect(spec(`{ file: "{id}_{side}.txt", ${SURFACE}, smooth: 20 }`)).toMatchObject({ file: '{id}_{side}.txt', smooth: 20 });
  });

  it.each<[string, string, string | undefined, string, RegExp]>([
    ['neither file nor volume', '{ unit: mm }', undefined, 'study-key-missing', /^metrics\.md\.file is missing/],
    ['both', `{ file: "{id}_{side}.txt", ${VOLUME}, ${SURFACE} }`, undefined, 'study-value', /both file and volume/],
    ['no surface to sample on', `{ ${VOLUME} }`, undefined, 'study-key-missing', /^metrics\.md\.volume needs a surface, and there is none for left and right/],
    ['no surface to smooth along', '{ file: "{id}_{side}.txt", smooth: 20 }', '{ mesh: { left: l.obj } }', 'study-key-missing', /^metrics\.md\.smooth needs a surface, and there is none for right/],
    ['a surface for nothing', `{ file: "{id}_{side}.txt", ${SURFACE} }`, undefined, 'study-value', /^metrics\.md\.surface is used for nothing/],
    ['a transform without a volume', `{ file: "{id}_{side}.txt", ${SURFACE}, smooth: 20, transform: t.xfm }`, undefined, 'study-value', /^metrics\.md\.transform says how a volume is sampled/],
    ['a background without a volume', '{ file: "{id}_{side}.txt", background: 0 }', undefined, 'study-value', /^metrics\.md\.background/],
    ['hemispheres of a volume', `{ ${VOLUME}, ${SURFACE}, hemispheres: together }`, undefined, 'study-value', /about vertex files, not volumes/],
    ['one volume for everybody', `{ volume: "MD.nii.gz", ${SURFACE} }`, undefined, 'study-template', /has no \{id\}, so every subject/],
    ['one surface for both sides', `{ ${VOLUME}, surface: "{id}.obj" }`, undefined, 'study-template', /has no \{side\}, so every hemisphere/],
    ['an unknown placeholder', `{ ${VOLUME}, ${SURFACE}, transform: "{sub}.xfm" }`, undefined, 'study-template', /\{sub\} in \{sub\}\.xfm/],
    ['a surface elsewhere', `{ ${VOLUME}, surface: "../{side}.obj" }`, undefined, 'study-path', /leads out of the study's folder/],
    ['a transform elsewhere', `{ ${VOLUME}, ${SURFACE}, transform: "/t/{id}.xfm" }`, undefined, 'study-path', /leads out/],
    ['a mesh elsewhere', `{ ${VOLUME} }`, '{ mesh: { left: /l.obj, right: r.obj } }', 'study-path', /leads out/],
    ['a kernel of metres', `{ ${VOLUME}, ${SURFACE}, smooth: 3000 }`, undefined, 'study-value', /^metrics\.md\.smooth/],
    ['a negative kernel', `{ ${VOLUME}, ${SURFACE}, smooth: -3 }`, undefined, 'study-value', /^metrics\.md\.smooth/],
    ['a transform that is a number', `{ ${VOLUME}, ${SURFACE}, transform: 3 }`, undefined, 'study-value', /^metrics\.md\.transform\[0\]: expected keys and values, received number$/],
    ['a misspelt key of a transform', `{ ${VOLUME}, ${SURFACE}, transform: { file: t.xfm, inverse: true } }`, undefined, 'study-key-unknown', /^unknown key `inverse` in metrics\.md\.transform\[0\]$/],
    ['a misspelt direction', `{ ${VOLUME}, ${SURFACE}, transform: { file: t.xfm, invert: yes please } }`, undefined, 'study-value', /^metrics\.md\.transform\[0\]\.invert: expected boolean, received string$/],
    ['a misspelt side of the mesh', `{ ${VOLUME}, ${SURFACE} }`, '{ mesh: { left: l.obj, rihgt: r.obj } }', 'study-key-unknown', /^unknown key `rihgt` in surface\.mesh$/],
    ['a misspelt key', `{ ${VOLUME}, ${SURFACE}, smoth: 3 }`, undefined, 'study-key-unknown', /unknown key `smoth`/],
  ])('%s is refused', (_name, metric, surface, code, message) => {
    expect(problems(metric, surface)).toEqual([expect.objectContaining({ code, message: expect.stringMatching(message), file: 'study.yaml' })]);
  });
});

import { describe, expect, it } from 'vitest';
import { existingKey, keyOf, readingsOf } from '../../../activities/imaging/key.js';
import { accepts } from '../../../activities/imaging/programs.js';
import type { PipelineStep } from '../../../contracts/pipelines.js';

const step: PipelineStep = {
  name: 'tensor', program: 'mrtrix3', command: ['dwi2tensor', '{preproc:dwi}', '-fslgrad', '{input:bvec}', '{input:bval}', '-iter={parameter:passes}', '{input:bvec}', '{output:dt}', '-nthreads', '{threads}'],
  outputs: { dt: 'dt.mif' }, needs: { threads: 2, memory: 1000, seconds: 60, silence: null }, progress: null, exits: { refuse: [], exclude: [] }, retries: 1, environment: { pass: [], set: {} }, quality: [],
};
const read = { 'preproc:dwi': 'a', 'input:bvec': 'b', 'input:bval': 'c' }, parameters = { passes: 2, unused: 'x' };
const key = (change: Partial<PipelineStep> = {}, others: { read?: Record<string, string>; parameters?: Record<string, string | number>; version?: string } = {}): string =>
  keyOf({ ...step, ...change }, others.read ?? read, others.parameters ?? parameters, others.version ?? '3.0.4');

describe('a step', () => {
  it('reads what its command names, each file once', () => {
    expect(readingsOf(step)).toEqual([
      { name: 'preproc:dwi', step: 'preproc', file: 'dwi' }, { name: 'input:bvec', step: null, file: 'bvec' }, { name: 'input:bval', step: null, file: 'bval' },
    ]);
  });

  it('that was done before there was standard input, files put in place, sheets, images and more stays done', () => {
    // As the version before wrote it: a step that is done must not be run again because sulcus is newer.
    expect(key()).toBe('115a350426f6b54cf7a62a5b47b1c8486665698396fd96ad6da15cf9df14e162');
    expect(key({ sheet: { picture: '{output:dt}' }, quality: [{ name: 'q', output: null, pattern: '(.)', take: 'last', minimum: 0, maximum: null }] })).toBe(key());
  });

  it('reads what is in its standard input and in place too, and is another when they are', () => {
    const more = { stdin: 'seed {parameter:seed}\n{input:bvec} {mask:mask}', place: { 'in/x.nii': '{input:t1}' } };
    expect(readingsOf({ ...step, ...more }).map(({ name }) => name)).toEqual(['preproc:dwi', 'input:bvec', 'input:bval', 'mask:mask', 'input:t1']);
    const seeded = { parameters: { ...parameters, seed: 1 } };
    const others = [
      key(), key(more, seeded), key(more, { parameters: { ...parameters, seed: 2 } }), key({ ...more, stdin: `${more.stdin}.` }, seeded), key({ ...more, place: { 'in/y.nii': '{input:t1}' } }, seeded), key({ stdin: more.stdin }, seeded),
      key({ command: [...step.command, '{folder}'] }), keyOf(step, read, parameters, '3.0.4', 'an image'), keyOf(step, read, parameters, '3.0.4', 'another'),
    ];
    expect(new Set(others).size).toBe(others.length);
  });

  it('whose outputs were there follows from them alone', () => {
    const outputs = { dt: 'dt.mif', mask: 'mask.mif' };
    expect(existingKey({ outputs }, { dt: 'a', mask: 'b' })).toBe(existingKey({ outputs }, { mask: 'b', dt: 'a' }));
    const others = [existingKey({ outputs }, { dt: 'b', mask: 'a' }), existingKey({ outputs: { ...outputs, dt: 'tensor.mif' } }, { dt: 'a', mask: 'b' }), key({ outputs }, { read: { dt: 'a', mask: 'b' } })];
    expect(new Set([existingKey({ outputs }, { dt: 'a', mask: 'b' }), ...others]).size).toBe(4);
  });

  it('is another when what its outputs follow from is', () => {
    const others = [
      key({ command: [...step.command, '-force'] }), key({ outputs: { dt: 'tensor.mif' } }), key({ environment: { pass: [], set: { MODE: 'a' } } }),
      key({}, { read: { ...read, 'input:bval': 'd' } }), key({}, { parameters: { passes: 3 } }), key({}, { version: '3.0.5' }),
    ];
    expect(new Set([key(), ...others]).size).toBe(7);
  });

  it('is the same when nothing else is', () => {
    const same = [
      key({ needs: { threads: 8, memory: 1, seconds: 1, silence: 1 } }), key({ retries: 5, progress: '(\\d+)%', exits: { refuse: [1], exclude: [2] } }),
      key({ quality: [{ name: 'q', output: null, pattern: '(.)', minimum: 0, maximum: null }] }), key({ environment: { pass: ['HOME'], set: {} } }),
      key({}, { parameters: { passes: 2, unused: 'y' } }), key({}, { read: { 'input:bval': 'c', 'input:bvec': 'b', 'preproc:dwi': 'a' } }),
    ];
    expect(new Set([key(), ...same]).size).toBe(1);
  });
});

describe('versions', () => {
  it.each([
    ['3.0.4', '>=3.0.3 <4', true], ['3.0.3', '>=3.0.3', true], ['3.0.3', '>3.0.3', false], ['3.0', '>=3.0.0', true], ['3.10', '>3.9', true], ['4.0_RC', '<4', false], ['3.0.4-12-g1a2b3c', '=3.0.4', true],
    ['6.0.7.4:b6cd1dc3', '>=6.0.5', true], ['v20.1', '<=20', false], ['2.1.0', '>=1 <2', false], ['unknown', '>=0', false],
  ])('%s with %s: %s', (version, accept, expected) => {
    expect(accepts(version, accept)).toBe(expected);
  });
});

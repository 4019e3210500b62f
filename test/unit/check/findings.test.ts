import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../../client/check/facts.js';
import { duplicates } from '../../../client/check/findings/duplicates.js';
import { swappedHemispheres } from '../../../client/check/findings/hemispheres.js';
import { levelsOf } from '../../../client/check/findings/levels.js';
import { impossibleValues } from '../../../client/check/findings/values.js';
import { inputsTable, tableLines } from '../../../client/check/inputs-table.js';
import { isPositive, metricKind, unitMismatch, upperBound } from '../../../client/check/kinds.js';
import { shortened, worstFirst } from '../../../client/check/order.js';
import { personalColumn, personalFields } from '../../../client/check/personal.js';
import type { FileRecord } from '../../../client/check/record.js';
import { correlation, median, robustZ } from '../../../client/check/robust.js';
import { createProblem, parseStudy } from '../../../config/index.js';
import { createRandom } from '../../../analysis/random.js';
import { MINIMAL } from '../config/study-text.js';

const study = (metrics: string): Parameters<typeof levelsOf>[1] => {
  const text = MINIMAL.replace(/metrics:[^]*?cohorts:/, `metrics:\n${metrics}\ncohorts:`);
  return { ...parseStudy(text, 'study.yaml'), directory: '/', file: 'study.yaml' };
};

function record(subject: number, side: 'left' | 'right', facts: Partial<FileFacts['region']> & { digest?: string; sketch?: Float32Array } = {}, metric = 'thickness', cohort = 'tokyo'): FileRecord {
  const { digest = `${cohort} ${subject} ${side} ${metric}`, sketch = new Float32Array(0), ...region } = facts;
  return { cohort, subject: `s${subject}`, metric, side, name: `${cohort}/s${subject}_${metric}_${side}`, facts: { region: { vertices: 100, min: 1, max: 4, mean: 3, zeros: 0, negative: 0, ...region }, digest, sketch, personal: [] } };
}

describe('robust statistics', () => {
  it('median, z and correlation', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
    expect(robustZ([1, 2, 3, 4, 5, 100])[5]).toBeCloseTo((0.6745 * 96.5) / 1.5, 10);
    expect(robustZ([2, 2, 2, 9])).toEqual([0, 0, 0, 0]);
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    expect(correlation([1, 1, 1], [2, 4, 6])).toBeNull();
  });
});

describe('swapped hemispheres', () => {
  /** Subjects with a common asymmetry of the given strength beside noise of their own; those named are swapped. */
  function cohort(n: number, strength: number, swapped: readonly number[], name = 'tokyo', turned = 1): FileRecord[] {
    const random = createRandom(`asymmetry/${name}/${strength}`), common = createRandom('pattern'), pattern = Float32Array.from({ length: 1024 }, () => common.normal());
    return Array.from({ length: n }, (_, s) => {
      const sign = (swapped.includes(s) ? -1 : 1) * turned, half = Float32Array.from(pattern, (p) => sign * strength * p / 2);
      const noise = (): Float32Array => Float32Array.from({ length: 1024 }, () => random.normal() * 0.7);
      const [a, b] = [noise(), noise()];
      return [record(s, 'left', { sketch: half.map((h, i) => 3 + h + (a[i] as number)) }, 'thickness', name), record(s, 'right', { sketch: half.map((h, i) => 3 - h + (b[i] as number)) }, 'thickness', name)];
    }).flat();
  }
  const found = (records: FileRecord[]): (string | null)[] => swappedHemispheres(records).map((p) => p.subject);

  it('are told where a cohort has an asymmetry in common', () => {
    expect(found(cohort(20, 0.7, [4, 11]))).toEqual(['s4', 's11']);
    expect(found(cohort(20, 0.7, []))).toEqual([]);
  });

  it('are not guessed at where it has none, or where there are few subjects', () => {
    expect(found(cohort(40, 0, [1, 2]))).toEqual([]);
    expect(found(cohort(4, 0.7, [1]))).toEqual([]);
  });

  it('of a whole cohort show against another', () => {
    const problems = swappedHemispheres([...cohort(10, 0.7, []), ...cohort(10, 0.7, [], 'toronto', -1)]);
    expect(problems.map((p) => [p.subject, p.cohort])).toEqual([[null, 'toronto']]);
    expect(problems[0]?.message).toContain('in toronto or in tokyo');
  });
});

describe('kinds and units', () => {
  it.each([
    ['thickness', 'thickness'], ['CT', 'thickness'], ['cortical_thickness', 'thickness'], ['area', 'area'], ['SA', 'area'], ['gm_volume', 'volume'], ['MD', 'diffusivity'], ['md_smooth', 'diffusivity'],
    ['fa', 'anisotropy'], ['mean_curv', 'signed'], ['log_jacobian', 'signed'], ['myelin', 'other'], ['fascia', 'other'],
  ] as const)('%s is %s', (name, kind) => expect(metricKind(name)).toBe(kind));

  it.each([
    ['md', 'mm2/s', 8e-4, null], ['md', 'mm2/s', 0.8, 'um2/ms'], ['md', 'um2/ms', 8e-4, 'mm2/s'], ['md', '10^-3 mm^2/s', 0.8, null], ['md', '10⁻³ mm²/s', 0.8, null], ['md', 'µm²/ms', 0.8, null], ['md', 'mm2/s', 800, 'um2/s'],
    ['thickness', 'mm', 3.1, null], ['thickness', 'mm', 3100, 'um'], ['fa', null, 0.2, null], ['fa', null, 20, 'percent'],
  ])('%s in %s of %s', (name, unit, value, looksLike) => {
    const odd = unitMismatch(metricKind(name), unit, value);
    expect(odd === null ? null : odd.looksLike).toBe(looksLike);
  });

  it('says nothing of units it does not know', () => {
    expect(unitMismatch('diffusivity', null, 0.8)).toBeNull();
    expect(unitMismatch('diffusivity', 'furlong2/fortnight', 0.8)).toBeNull();
    expect(unitMismatch('other', 'mm', 1e9)).toBeNull();
    expect([upperBound('anisotropy', null), upperBound('thickness', 'mm'), upperBound('thickness', 'um'), upperBound('area', 'mm2')]).toEqual([1, 15, null, null]);
    expect([isPositive('area'), isPositive('signed'), isPositive('other')]).toEqual([true, false, false]);
  });
});

describe('values', () => {
  const codes = (records: FileRecord[], metric = 'thickness'): string[] => impossibleValues(records, [{ name: metric, file: '', unit: 'mm' }]).map((p) => `${p.code} ${p.subject}`);

  it('a metric that is negative everywhere is signed; one file of many that is, is not', () => {
    const negative = (n: number, all: number): FileRecord[] => Array.from({ length: all }, (_, s) => record(s, 'left', s < n ? { min: -1, negative: 5 } : {}, 'contrast'));
    expect(codes(negative(1, 6), 'contrast')).toEqual(['NEGATIVE_VALUES s0']);
    expect(codes(negative(6, 6), 'contrast')).toEqual([]);
    expect(codes([record(0, 'left', { min: -1, negative: 5 }, 'curvature')], 'curvature')).toEqual([]);
  });

  it('constants, zeros and bounds', () => {
    expect(codes([record(0, 'left', { min: 2, max: 2 }), record(1, 'left', { zeros: 3, min: 0 }), record(2, 'left', { zeros: 2, min: 0 }), record(3, 'left', { max: 16 })])).toEqual(['CONSTANT_FILE s0', 'MANY_ZEROS s1', 'TOO_HIGH s3']);
  });
});

describe('levels', () => {
  const md = (means: number[], cohort = 'tokyo'): FileRecord[] => means.map((mean, s) => record(s, 'left', { mean }, 'md', cohort));
  const usual = [7.8e-4, 7.9e-4, 8e-4, 8.1e-4, 7.7e-4, 8.2e-4, 7.85e-4, 8.05e-4];

  it('one subject in another unit, one outlier', () => {
    const problems = levelsOf(md([...usual, 0.79, 1.1e-3]), study('  md: { file: "{id}_{side}", unit: mm2/s }'));
    expect(problems.map((p) => [p.code, p.subject])).toEqual([['OTHER_UNIT', 's8'], ['OUTLIER', 's9']]);
    expect(problems[0]?.message).toMatch(/found a mean of 0.79, expected about 0.0008.*\(it is 9\d\d times that\)/);
  });

  it('a cohort in another unit than it says, at the line that says it', () => {
    const problems = levelsOf(md(usual), study('  md: { file: "{id}_{side}", unit: um2/ms }'));
    expect(problems).toMatchObject([{ code: 'WRONG_UNIT', cohort: 'tokyo', subject: null, file: 'study.yaml', line: 7 }]);
  });

  it('two cohorts in different units of which neither is known', () => {
    const problems = levelsOf([...md(usual), ...md(usual.map((v) => 1000 * v), 'toronto')], study('  md: { file: "{id}_{side}" }'));
    expect(problems).toMatchObject([{ code: 'COHORTS_DIFFER', cohort: 'toronto' }]);
  });

  it('few subjects have no outliers', () => expect(levelsOf(md([7.8e-4, 7.9e-4, 1.6e-3]), study('  md: { file: "{id}_{side}", unit: mm2/s }'))).toEqual([]));
});

describe('duplicates', () => {
  it('of whole subjects, of single files, of sides; constant files are no duplicates', () => {
    const both = (s: number, a: string, b: string, cohort = 'tokyo'): FileRecord[] => [record(s, 'left', { digest: a }, 'thickness', cohort), record(s, 'right', { digest: b }, 'thickness', cohort)];
    const problems = duplicates([...both(0, 'a', 'b'), ...both(1, 'a', 'b', 'toronto'), ...both(2, 'c', 'b'), ...both(3, 'd', 'd'), ...[4, 5].map((s) => record(s, 'left', { digest: 'z', min: 1, max: 1 }))]);
    expect(problems.map((p) => [p.code, p.cohort, p.subject, /^(all 2 files hold|thickness right holds|thickness right: found)/.exec(p.message)?.[1]])).toEqual([
      ['IDENTICAL_INPUTS', 'tokyo', 's3', 'thickness right: found'], ['DUPLICATE_FILES', 'toronto', 's1', 'all 2 files hold'], ['DUPLICATE_FILES', 'tokyo', 's2', 'thickness right holds'],
    ]);
  });
});

describe('what names a person', () => {
  it.each([['participant_name'], ['Last Name'], ['DOB'], ['date-of-birth'], ['MRN'], ['email'], ['Initials'], ['NHS number']])('column %s', (name) => expect(personalColumn(name, ['x'])).not.toBeNull());
  it.each([['group_name'], ['age'], ['birth_weight'], ['username_hash'], ['scan_date'], ['participant_id'], ['named']])('not column %s', (name) => expect(personalColumn(name, ['x'])).toBeNull());
  it('cells', () => expect([personalColumn('contact', ['a@b.org']), personalColumn('pn', [null, 'DOE^JANE']), personalColumn('x', ['1.5'])]).toEqual(['e-mail addresses', 'names as DICOM writes them', null]));

  it('headers, not numbers or compressed bytes', () => {
    const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
    expect(personalFields(bytes('1.5\n-2e-3\n'.repeat(2000)))).toEqual([]);
    expect(personalFields(bytes(`<MD><Name>PatientName</Name>${'x'.repeat(9000)}`))).toEqual(['a patient name']);
    expect(personalFields(bytes(`${'\x01\x02'.repeat(6000)} DOE^JANE 1970-01-01`))).toEqual(['a name as DICOM writes it (FAMILY^GIVEN)']);
    const random = createRandom('bytes');
    expect(personalFields(Uint8Array.from({ length: 20_000 }, () => Math.floor(256 * random.uniform())))).toEqual([]);
  });
});

describe('the list and the table', () => {
  const problem = (code: string, severity: 'error' | 'warning', cohort: string | null, subject: string | null, input?: string): ReturnType<typeof createProblem> =>
    createProblem({ code, severity, cohort, subject, message: 'm', ...(input === undefined ? {} : { input }) });

  it('worst first: study, cohort, subject; then warnings that make numbers wrong', () => {
    const order = worstFirst([problem('OUTLIER', 'warning', 'a', 's'), problem('SHORT_FILE', 'error', 'a', 's'), problem('WRONG_UNIT', 'warning', 'a', null), problem('DUPLICATE_ID', 'error', 'a', null), problem('EMPTY_REGION', 'error', null, null), problem('PERSONAL_COLUMN', 'warning', 'a', null)]);
    expect(order.map((p) => p.code)).toEqual(['EMPTY_REGION', 'DUPLICATE_ID', 'SHORT_FILE', 'PERSONAL_COLUMN', 'WRONG_UNIT', 'OUTLIER']);
  });

  it('many alike are cut short, and counted', () => {
    const many = Array.from({ length: 30 }, (_, i) => problem('OUTLIER', 'warning', 'a', `s${i}`));
    const { shown, left } = shortened([...many, problem('SMALL_GROUP', 'warning', 'a', null)], 10);
    expect(shown).toHaveLength(11);
    expect(left).toEqual([{ after: many[9], count: 20 }]);
    expect(shortened(many, Infinity)).toEqual({ shown: many, left: [] });
  });

  it('each input of each subject has the worst that is known of it', () => {
    const table = inputsTable(['participant', 'md left', 'spectrum'], [{ cohort: 'a', subject: 's1' }, { cohort: 'a', subject: 's2' }, { cohort: 'b', subject: 's1' }], [
      problem('OUTLIER', 'warning', 'a', 's1', 'md left'), problem('SHORT_FILE', 'error', 'a', 's1', 'md left'), problem('MISSING_FILE', 'error', 'a', 's2', 'spectrum'), problem('DUPLICATE_FILES', 'warning', 'b', 's1'), problem('SMALL_GROUP', 'warning', 'a', null),
    ]);
    expect(table.rows.map((r) => r.states)).toEqual([['present', 'unreadable', 'present'], ['present', 'present', 'missing'], ['suspicious', 'present', 'present']]);
    expect(tableLines(table, 2)).toEqual([
      'inputs (. present, M missing, U unreadable, ? look at it)', '        participant  md left  spectrum', '  a/s1  .            U        .', '  a/s2  .            .        M', '  and 1 more subject with something to look at (--all shows every one)',
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { StudyResults } from '../../../contracts/results.js';
import { completeStudy, nullStudy, partialStudy } from './example.js';

const schema = JSON.parse(readFileSync(new URL('../../../docs/results.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false, allErrors: true }).compile(schema);

/** The same schema, which also refuses fields it does not know: holds the schema to the contract's types. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const copy: Record<string, unknown> = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, key === 'if' ? value : closed(value)]));
  if (copy.type === 'object' && copy.properties !== undefined) copy.additionalProperties = false;
  return copy;
}
const validateClosed = new Ajv2020({ strict: false }).compile({ ...(closed(schema) as object), $id: 'urn:sulcus:results:1:closed' });

function valid(change: (results: StudyResults) => void): boolean {
  const { results } = completeStudy();
  change(results);
  return validate(JSON.parse(JSON.stringify(results)));
}

describe('results.schema.json', () => {
  it.each([['complete', completeStudy()], ['null', nullStudy()], ['partial', partialStudy()]])('accepts the %s study, and knows its every field', (_, { results }) => {
    validate(results);
    expect(validate.errors ?? []).toEqual([]);
    validateClosed(results);
    expect(validateClosed.errors ?? []).toEqual([]);
  });

  it('describes every field', () => {
    const bare: string[] = [];
    const walk = (part: Record<string, unknown>, path: string): void => {
      for (const [name, value] of Object.entries((part.properties ?? {}) as Record<string, Record<string, unknown>>)) {
        if (value.description === undefined && value.$ref === undefined && value.items === undefined) bare.push(`${path}.${name}`);
        walk(value, `${path}.${name}`);
      }
      for (const [name, value] of Object.entries((part.$defs ?? {}) as Record<string, Record<string, unknown>>)) walk(value, name);
    };
    walk(schema as Record<string, unknown>, '');
    expect(bare.filter((path) => !/normalization$|\.(zscore|shift|region)$/.test(path))).toEqual([]);
  });

  it('lets later versions add fields', () => {
    expect(valid((results) => Object.assign(results, { novel: 1 }))).toBe(true);
  });

  it.each<[string, (results: StudyResults) => void]>([
    ['another schema', (results) => Object.assign(results, { schema: 'sulcus/results/2' })],
    ['no cohorts', (results) => Reflect.deleteProperty(results, 'cohorts')],
    ['p above 1', (results) => Object.assign(results.cohorts.tokyo?.ancova[0] ?? {}, { p: 1.2 })],
    ['p as text', (results) => Object.assign(results.cohorts.tokyo?.pairs[0] ?? {}, { p: '< .001' })],
    ['a missing number without a reason', (results) => Object.assign(results.cohorts.tokyo?.ancova[0] ?? {}, { F: null, p: null })],
    ['a model without its p and without a reason', (results) => Object.assign(results.cohorts.tokyo?.glx?.models[0]?.interaction ?? {}, { p: null })],
    ['an adjusted p without its family', (results) => Reflect.deleteProperty(results.cohorts.tokyo?.pairs[0] ?? {}, 'family')],
    ['NaN (null in JSON) where a number must be', (results) => Object.assign(results.cohorts.tokyo?.parcellation ?? {}, { residual: NaN })],
    ['a component 0', (results) => results.replicated.push({ component: 0, metric: 'fa' })],
    ['r beyond 1', (results) => Object.assign(results.cohorts.tokyo?.glx?.partial[0] ?? {}, { r: -1.01 })],
    ['an unknown solver', (results) => Object.assign(results.parameters, { solver: 'magic' })],
    ['an unknown stage', (results) => Object.assign(results.steps[0] ?? {}, { step: 'dance' })],
    ['one rank bound', (results) => Object.assign(results.parameters, { ranks: [2] })],
    ['a spectrum left out for no reason', (results) => Object.assign(results.cohorts.tokyo?.glx?.excluded[0] ?? {}, { reasons: [] })],
  ])('refuses %s', (_, change) => {
    expect(valid(change)).toBe(false);
  });
});

import type { z } from 'zod';
import type { RankPolicy } from '../contracts/study.js';
import { missing, reportIssues, reportUnknownKey, type Report } from './issues.js';
import {
  entries, nameSchema, rankSchema, regions, sections, storageSchema, topLevelKeys, type ClinicalEntry, type CohortEntry, type MetricEntry, type SectionValue,
} from './schema.js';
import { studyPipeline, type StudyPipelineEntry } from './pipeline-schema.js';

export type RegionDraft = z.output<typeof regions.labels> | z.output<typeof regions.mask> | z.output<typeof regions.vertices>;

/** The files a region names by hemisphere, by the key they stand under. */
export function regionFiles(region: RegionDraft): Record<string, { left?: string | undefined; right?: string | undefined } | null> {
  const main = 'mask' in region ? { mask: region.mask } : 'vertices' in region ? { vertices: { left: listFile(region.vertices.left), right: listFile(region.vertices.right) } } : { labels: region.labels };
  return { ...main, midline_mask: region.midline_mask };
}

function listFile(listed: string | number[] | undefined): string | undefined {
  return typeof listed === 'string' && listed !== 'all' ? listed : undefined;
}

/** What could be read of a study file: a section that is wrong is null (and reported), one left out has its default. */
export interface Draft {
  study: string | null;
  surface: SectionValue<'surface'> | null;
  region: RegionDraft | null;
  metrics: Map<string, MetricEntry>;
  cohorts: Map<string, CohortEntry>;
  /** False when a cohort could not be read: then a group that no cohort has may be one of its. */
  allCohortsRead: boolean;
  columns: SectionValue<'columns'> | null;
  control: string | null;
  demographics: string[];
  spectroscopy: SectionValue<'spectroscopy'>;
  clinical: Map<number, ClinicalEntry>;
  factorization: SectionValue<'factorization'> | null;
  stability: SectionValue<'stability'> | null;
  rank: RankPolicy;
  review: SectionValue<'review'> | null;
  statistics: SectionValue<'statistics'> | null;
  missing: 'exclude' | 'fail';
  /** By their number in the file. */
  pipelines: Map<number, StudyPipelineEntry>;
  outside: string[];
  /** Address of a bucket; null: the state folder. */
  storage: string | null;
}

type Raw = Record<string, unknown>;

const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads every section by itself, so that one pass finds what is wrong in all of them. An empty section counts as left out. */
export function readDraft(value: unknown, report: Report): Draft | null {
  if (!isRecord(value)) {
    report([], { code: 'study-yaml', message: 'a study file is a list of keys and values', remedy: 'see docs/study-file.md for an example' });
    return null;
  }
  for (const key of Object.keys(value)) if (!(topLevelKeys as readonly string[]).includes(key)) reportUnknownKey(report, [], key, topLevelKeys);

  const read = <T>(key: string, schema: z.ZodType<T>, otherwise?: unknown): T | null => {
    const given = value[key] ?? otherwise;
    if (given === undefined) {
      report([key], missing([key]));
      return null;
    }
    return parse(schema, given, [key], report);
  };
  const cohorts = readEntries(value['cohorts'], 'cohorts', entries.cohort, report);
  return {
    study: read('study', sections.study),
    surface: read('surface', sections.surface, {}),
    region: readRegion(value['region'], report),
    metrics: readEntries(value['metrics'], 'metrics', entries.metric, report),
    cohorts,
    allCohortsRead: isRecord(value['cohorts']) && Object.keys(value['cohorts']).length === cohorts.size,
    columns: read('columns', sections.columns, {}),
    control: read('control', sections.control, value['control'] ?? null),
    demographics: read('demographics', sections.demographics, []) ?? [],
    spectroscopy: value['spectroscopy'] == null ? null : read('spectroscopy', sections.spectroscopy),
    clinical: readList(value['clinical'] ?? [], 'clinical', entries.clinical, '[ { measure: panss_total, groups: patients } ]', report),
    factorization: read('factorization', sections.factorization, {}),
    stability: read('stability', sections.stability, {}),
    rank: read('rank', rankSchema, 'auto') ?? 'auto',
    review: read('review', sections.review, {}),
    statistics: read('statistics', sections.statistics, {}),
    missing: read('missing', sections.missing, 'exclude') ?? 'exclude',
    pipelines: readList(value['pipelines'] ?? [], 'pipelines', studyPipeline, '[ { use: mrtrix3-dti, inputs: { ... } } ]', report),
    outside: read('outside', sections.outside, []) ?? [],
    storage: value['storage'] == null ? null : read('storage', storageSchema),
  };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, path: (string | number)[], report: Report): T | null {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  reportIssues(report, path, schema, result.error.issues);
  return null;
}

function readRegion(value: unknown, report: Report): RegionDraft | null {
  if (!isRecord(value)) {
    report(['region'], value == null ? missing(['region']) : { code: 'study-value', message: 'region: expected keys and values' });
    return null;
  }
  const kind = 'labels' in value ? 'labels' : 'mask' in value ? 'mask' : 'vertices' in value ? 'vertices' : 'labels';
  return parse<RegionDraft>(regions[kind], value, ['region'], report);
}

function readEntries<T>(value: unknown, key: string, schema: z.ZodType<T>, report: Report): Map<string, T> {
  const result = new Map<string, T>();
  if (!isRecord(value) || Object.keys(value).length === 0) {
    report([key], value == null ? missing([key]) : { code: 'study-value', message: `${key}: expected at least one \`name: { ... }\`` });
    return result;
  }
  for (const [name, entry] of Object.entries(value)) {
    const safe = nameSchema.safeParse(name);
    if (!safe.success) report([key, name], { code: 'study-name', message: `${key}: the name \`${name}\` ${safe.error.issues[0]?.message ?? 'is not usable'}` });
    const parsed = parse(schema, entry ?? {}, [key, name], report);
    if (parsed !== null) result.set(name, parsed);
  }
  return result;
}

function readList<T>(value: unknown, key: string, schema: z.ZodType<T>, example: string, report: Report): Map<number, T> {
  const result = new Map<number, T>();
  if (!Array.isArray(value)) {
    report([key], { code: 'study-value', message: `${key}: expected a list`, remedy: `e.g. ${example}` });
    return result;
  }
  value.forEach((entry: unknown, i) => {
    const parsed = parse(schema, entry, [key, i], report);
    if (parsed !== null) result.set(i, parsed);
  });
  return result;
}

/**
 * The study file's keys, types and defaults (the paper's), one schema a section. What one key means for another is in checks/.
 * docs/study-file.md describes every key.
 */
import { z } from 'zod';
import { DEFAULT_TOLERANCE } from '../contracts/limits.js';
import { durationOrNever } from './quantities.js';

const text = z.string().trim().min(1, 'must not be empty');
/** Becomes part of file names, workflow ids and search attributes. */
const name = z
  .string()
  .max(64, 'must not be longer than 64 characters')
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'may hold letters, digits, - and _ only, and starts with a letter or digit');
const hemisphere = z.enum(['left', 'right']);
/** A file for each hemisphere; one name alone is the file of both. */
const perHemisphere = z.preprocess(
  (value) => (typeof value === 'string' ? { left: value, right: value } : value),
  z.strictObject({ left: text.optional(), right: text.optional() }),
);
/** More than any time, frequency or limit of the field: a larger number is a slip, and would overflow what is computed from it. */
const LARGEST = 1e9;
const positive = z.number().positive().max(LARGEST);
/** Longer than a path may be. */
const MAX_PATH = 4096;
const relaxation = z.strictObject({ t1: positive, t2: positive }).nullable().default(null);
/** A transform file; its name alone when it is applied as it is. */
const transform = z.preprocess((value) => (typeof value === 'string' ? { file: value } : value), z.strictObject({ file: text, invert: z.boolean().default(false) }));
/** Voxels are read as numbers of up to this size. */
const MAX_FLOAT32 = 3.5e38;
/** Full width at half maximum in mm: labs use 20 to 40; a kernel as wide as a lobe is a slip of the decimal point. */
const MOST_SMOOTHING = 100;
/** Which vertices outside the cortex are kept: the same two keys for every kind of region. */
const midline = { midline: z.enum(['keep', 'drop']).default('keep'), midline_mask: perHemisphere.nullable().default(null) };
/** More vertices than this are a file's to list. */
const MAX_LISTED = 20_000;

export const sections = {
  study: name,
  surface: z.strictObject({
    vertices: z.int().min(1).max(10_000_000).default(40_962),
    hemispheres: z.array(hemisphere).min(1).default(['left', 'right']),
    mesh: perHemisphere.nullable().default(null),
  }),
  columns: z.strictObject({
    id: text.default('participant_id'),
    group: text.nullable().default('group'),
    age: text.nullable().default('age'),
    sex: text.nullable().default('sex'),
  }),
  control: text.nullable(),
  demographics: z.array(text),
  spectroscopy: z
    .strictObject({
      table: text,
      metabolite: text.default('Glu+Gln'),
      hzpppm: positive.nullable().default(null),
      quality: z
        .strictObject({ snr: z.number().min(0).default(10), fwhm: positive.default(10), sd: positive.default(20) })
        .prefault({}),
      tissue: z
        .strictObject({
          file: text.optional(),
          columns: z.strictObject({ gm: text.default('f_gm'), wm: text.default('f_wm'), csf: text.default('f_csf') }).prefault({}),
          segmentation: z.union([text, z.strictObject({ gm: text, wm: text, csf: text })]).optional(),
          voxel: text.optional(),
          classes: z.strictObject({ csf: z.number().default(1), gm: z.number().default(2), wm: z.number().default(3) }).prefault({}),
        })
        .nullable()
        .default(null),
      waive_errors: z.union([z.boolean(), z.array(text)]).default(false),
      correction: z.enum(['none', 'csf', 'gasparovic']).optional(),
      acquisition: z
        .strictObject({ te: positive, tr: positive, water_te: positive.optional(), water_tr: positive.optional(), field: positive.default(3) })
        .nullable()
        .default(null),
      relaxation: z.strictObject({ gm: relaxation, wm: relaxation, csf: relaxation, metabolite: relaxation }).nullable().default(null),
    })
    .nullable(),
  factorization: z.strictObject({
    ranks: z.tuple([z.int().min(1), z.int().min(1).max(200)]).default([2, 10]),
    solver: z.enum(['accelerated', 'multiplicative']).default('accelerated'),
    tolerance: positive.max(0.1).default(DEFAULT_TOLERANCE),
    max_iterations: z.int().min(1).max(10_000_000).default(5000),
    normalization: z
      .strictObject({
        zscore: z.enum(['all', 'vertex', 'subject', 'none']).default('all'),
        shift: z.enum(['global', 'per-metric']).default('global'),
        within_halves: z.boolean().default(true),
      })
      .prefault({}),
  }),
  stability: z.strictObject({
    splits: z.int().min(1).max(1000).default(10),
    seed: z.int().min(0).max(0xffffffff).default(0),
    stratify: z.array(z.enum(['group', 'age'])).optional(),
    threshold: z.number().min(-1).max(1).default(0.8),
  }),
  review: z.strictObject({ remind: durationOrNever('24h').default(86_400) }),
  statistics: z.strictObject({
    alpha: z.number().gt(0).lt(1).default(0.05),
    covariates: z.array(text).optional(),
    pairwise: z.enum(['subset', 'pooled']).default('subset'),
    glx_type: z.enum(['II', 'III']).default('II'),
    families: z
      .strictObject({
        ancova: z.literal('cohort').default('cohort'),
        pairs: z.literal('index').default('index'),
        glx: z.literal('cohort').default('cohort'),
        clinical: z.literal('index').default('index'),
      })
      .prefault({}),
    resamples: z.int().max(1_000_000).refine((n) => n === 0 || n >= 200, 'must be 0 (no bootstrap) or at least 200').default(2000),
    nulls: z.int().max(100_000).refine((n) => n === 0 || n >= 99, 'must be 0 (no surrogates) or at least 99').default(500),
    confidence: z.number().gt(0.5).lt(1).default(0.95),
    seed: z.int().min(0).max(0xffffffff).default(0),
  }),
  missing: z.enum(['exclude', 'fail']),
  outside: z.array(text.max(MAX_PATH)).max(100),
};

/** Where artifacts are kept, other than in the state folder: as an address. Credentials have no place in a study file. */
const bucket = text.regex(/^s3:\/\/[^/?#@]/, 'must be an address such as s3://bucket/prefix');
export const storageSchema = z.union([
  bucket,
  z.strictObject({ url: bucket, endpoint: text.optional(), region: text.optional(), path_style: z.boolean().optional() }).transform(({ url, endpoint, region, path_style }) => {
    const settings = new URLSearchParams({ ...(endpoint === undefined ? {} : { endpoint }), ...(region === undefined ? {} : { region }), ...(path_style === undefined ? {} : { 'path-style': String(path_style) }) });
    return settings.size === 0 ? url : `${url}?${settings.toString()}`;
  }),
]);

/** Sections that hold entries: each entry is read by itself, so that one bad entry hides nothing about the others. */
export const entries = {
  metric: z.strictObject({
    file: text.optional(),
    unit: text.nullable().default(null),
    hemispheres: z.enum(['separate', 'together']).default('separate'),
    volume: text.optional(),
    surface: text.nullable().default(null),
    transform: z.preprocess((value): unknown[] => (value == null ? [] : Array.isArray(value) ? (value as unknown[]) : [value]), z.array(transform)),
    frame: z.int().min(0).nullable().default(null),
    background: z.number().min(-MAX_FLOAT32).max(MAX_FLOAT32).nullable().default(null),
    smooth: positive.max(MOST_SMOOTHING).nullable().default(null),
  }),
  cohort: z.strictObject({
    directory: text.optional(),
    prefix: z.string().trim().default(''),
    participants: text.default('participants.tsv'),
    groups: z.array(text).min(1, 'must name at least one group'),
  }),
  clinical: z.strictObject({ measure: text, groups: z.union([z.literal('patients'), z.array(text).min(1)]).default('patients') }),
};

const listed = z.union([text, z.array(z.int().min(0)).min(1, 'must list at least one vertex').max(MAX_LISTED, `holds more than ${MAX_LISTED} vertices: list them in a file`)]);

/** Three ways to say which vertices are analysed; a file that has the key `mask` or `vertices`, and not `labels`, means those. */
export const regions = {
  labels: z.strictObject({ labels: perHemisphere, table: text.nullable().default(null), include: z.array(text).min(1, 'must name at least one region'), ...midline }),
  mask: z.strictObject({ mask: perHemisphere, ...midline }),
  vertices: z.strictObject({ vertices: z.strictObject({ left: listed.optional(), right: listed.optional() }), ...midline }),
};

export { name as nameSchema };
export const rankSchema = z.union([z.enum(['auto', 'review']), z.int().min(1)]);

/** Every top-level key, in the order of the documentation. */
export const topLevelKeys = [
  'study', 'surface', 'region', 'metrics', 'cohorts', 'columns', 'control', 'demographics', 'spectroscopy', 'clinical',
  'factorization', 'stability', 'rank', 'review', 'statistics', 'missing', 'pipelines', 'outside', 'storage',
] as const;

export type MetricEntry = z.output<typeof entries.metric>;
export type CohortEntry = z.output<typeof entries.cohort>;
export type ClinicalEntry = z.output<typeof entries.clinical>;
export type SectionValue<K extends keyof typeof sections> = z.output<(typeof sections)[K]>;

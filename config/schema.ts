/**
 * The study file's keys, types and defaults (the paper's), one schema a section. What one key means for another is in checks/.
 * docs/study-file.md describes every key.
 */
import { z } from 'zod';

const text = z.string().trim().min(1, 'must not be empty');
/** Becomes part of file names, workflow ids and search attributes. */
const name = z
  .string()
  .max(64, 'must not be longer than 64 characters')
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'may hold letters, digits, - and _ only, and starts with a letter or digit');
const hemisphere = z.enum(['left', 'right']);
const perHemisphere = z.strictObject({ left: text.optional(), right: text.optional() });
const positive = z.number().positive();

export const sections = {
  study: name,
  surface: z.strictObject({
    vertices: z.int().min(1).max(10_000_000).default(40_962),
    hemispheres: z.array(hemisphere).min(1).default(['left', 'right']),
  }),
  columns: z.strictObject({
    id: text.default('participant_id'),
    group: text.default('group'),
    age: text.default('age'),
    sex: text.default('sex'),
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
          file: text,
          columns: z.strictObject({ gm: text.default('f_gm'), wm: text.default('f_wm'), csf: text.default('f_csf') }).prefault({}),
        })
        .nullable()
        .default(null),
      waive_errors: z.boolean().default(false),
    })
    .nullable(),
  factorization: z.strictObject({
    ranks: z.tuple([z.int().min(1), z.int().min(1).max(200)]).default([2, 10]),
    solver: z.enum(['accelerated', 'multiplicative']).default('accelerated'),
    tolerance: positive.max(0.1).default(1e-4),
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
    stratify: z.array(z.enum(['group', 'age'])).default(['group', 'age']),
    threshold: z.number().min(-1).max(1).default(0.8),
  }),
  statistics: z.strictObject({
    alpha: z.number().gt(0).lt(1).default(0.05),
    covariates: z.array(text).default(['age', 'sex']),
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
  }),
  missing: z.enum(['exclude', 'fail']),
};

/** Sections that hold entries: each entry is read by itself, so that one bad entry hides nothing about the others. */
export const entries = {
  metric: z.strictObject({ file: text, unit: text.nullable().default(null) }),
  cohort: z.strictObject({
    directory: text.optional(),
    prefix: z.string().trim().default(''),
    participants: text.default('participants.tsv'),
    groups: z.array(text).min(1, 'must name at least one group'),
  }),
  clinical: z.strictObject({ measure: text, groups: z.union([z.literal('patients'), z.array(text).min(1)]).default('patients') }),
};

/** Two ways to say which vertices are analysed; a file that has the key `mask` means the second. */
export const regions = {
  labels: z.strictObject({
    labels: perHemisphere,
    table: text,
    include: z.array(text).min(1, 'must name at least one region'),
    midline: z.enum(['keep', 'drop']).default('keep'),
    midline_mask: perHemisphere.nullable().default(null),
  }),
  mask: z.strictObject({ mask: perHemisphere }),
};

export { name as nameSchema };
export const rankSchema = z.union([z.enum(['auto', 'review']), z.int().min(1)]);

/** Every top-level key, in the order of the documentation. */
export const topLevelKeys = [
  'study', 'surface', 'region', 'metrics', 'cohorts', 'columns', 'control', 'demographics', 'spectroscopy', 'clinical',
  'factorization', 'stability', 'rank', 'statistics', 'missing',
] as const;

export type MetricEntry = z.output<typeof entries.metric>;
export type CohortEntry = z.output<typeof entries.cohort>;
export type ClinicalEntry = z.output<typeof entries.clinical>;
export type SectionValue<K extends keyof typeof sections> = z.output<(typeof sections)[K]>;

/** The keys of a pipeline file and of the study file's `pipelines`. docs/pipelines.md describes every key. */
import { z } from 'zod';
import type { ProgramImage } from '../contracts/pipelines.js';
import { patternProblem } from './pipeline-pattern.js';
import { RESERVED } from './pipeline-placeholders.js';
import { duration, durationOrNever, mebibytes } from './quantities.js';

const text = z.string().trim().min(1, 'must not be empty').max(1000, 'must not be longer than 1000 characters');
const A_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
/** Becomes part of folders and workflow ids, or stands in braces. */
export const pipelineName = z.string().max(64, 'must not be longer than 64 characters').regex(A_NAME, 'may hold letters, digits, - and _ only, and starts with a letter or digit');
/** Is the name of a folder: two that differ in case alone are one on some machines. */
export const stepName = z
  .string()
  .max(64, 'must not be longer than 64 characters')
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'may hold lower-case letters, digits and - only, and starts with a letter or digit')
  .refine((name) => !RESERVED.includes(name), 'means something else in braces');

const noControls = (given: string): boolean => !/\p{Cc}/u.test(given);
const CONTROLS = 'must not hold control characters or line breaks';
/** Beyond this, whole numbers cannot be told apart. */
const LARGEST = Number.MAX_SAFE_INTEGER;
const number = z.number().min(-LARGEST).max(LARGEST);
/** Numbers may be written as they are: `-nthreads, 2`. */
const argument = z
  .union([z.string(), number], { error: 'must be text or a number: write it in quotes' })
  .transform(String)
  .refine((given) => given.length <= 4096, 'must not be longer than 4096 characters')
  .refine(noControls, CONTROLS);
const SHELLS = ['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh', 'csh', 'tcsh', 'fish'];
/** A program by its name on PATH or by its whole path, and its arguments. */
const command = z
  .array(argument)
  .min(1, 'must name a program')
  .max(200, 'must not have more than 200 arguments')
  .refine(([program = '']) => /^(\/.*)?[^/{}\s-][^/{}]*$/.test(program) && !program.split('/').includes('..'), 'must begin with a program: a name that is on PATH, or a whole path from /')
  .refine(([program = '', ...rest]) => !(SHELLS.includes(program.replace(/^.*\//, '')) && rest.some((given) => /^-[a-z]*c/.test(given))), 'must not give a shell a command line: name the program itself; a script can be a program');

/** Values by name. A name that objects of this language have of themselves would be lost without a word. */
const named = <T extends z.ZodType>(values: T) =>
  z.preprocess((given, context) => {
    if (typeof given === 'object' && given !== null && Object.hasOwn(given, '__proto__')) context.addIssue({ code: 'custom', message: '__proto__ cannot be a name' });
    return given;
  }, z.record(z.string(), values));

const pattern = text.superRefine((given, context) => {
  const problem = patternProblem(given);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});
const ACCEPT = /^(>=|<=|>|<|=)\d{1,9}(\.\d{1,9}){0,5}(\s+(>=|<=|>|<|=)\d{1,9}(\.\d{1,9}){0,5}){0,9}$/;
const exitCodes = z.array(z.int().min(1).max(255)).max(255).default([]);
const variable = z.string().max(200).regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');
/** Set by the worker for every step. */
const OWN_VARIABLES = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'OMP_NUM_THREADS'];
const notOwn = variable.refine((given) => !OWN_VARIABLES.includes(given), 'is set for every program already');
/** Written beside the outputs of a step. */
const OWN_FILES = ['step.json', 'stdout.txt', 'stderr.txt'];
/** A file in the step's folder, or in folders that the program makes there. */
const fileName = z
  .string()
  .max(255, 'must not be longer than 255 characters')
  .refine(noControls, CONTROLS)
  .refine((given) => given.split('/').every((part) => part !== '' && !part.startsWith('.') && part.trim() === part) && !/[\\{}:*?"<>|]/.test(given), 'must be the name of a file in the step\'s folder, such as fa.nii.gz')
  .refine((given) => !OWN_FILES.includes(given.toLowerCase()), 'is the name of a file that every step has');

/** A path under the scratch folder, where a program looks for what it reads. */
const placed = z
  .string()
  .max(255, 'must not be longer than 255 characters')
  .refine((given) => noControls(given) && given.split('/').every((part) => part !== '' && !part.startsWith('.') && part.trim() === part) && !/[\\{}:*?"<>|]/.test(given), 'must be a path within the scratch folder, such as native/x_t1.mnc');
/** Of standard input. LCModel's control files have some hundred lines. */
const MOST_STDIN = 16 * 1024;
const stdin = z
  .string({ error: 'must be text: several lines are written after `stdin: |`' })
  .min(1, 'must not be empty; without it the program reads nothing')
  .refine((given) => Buffer.byteLength(given) <= MOST_STDIN, `must not be longer than ${MOST_STDIN / 1024} KiB`)
  .refine((given) => noControls(given.replace(/[\n\t]/g, '')), 'must not hold control characters other than line breaks and tabs');
const PLANES = ['axial', 'coronal', 'sagittal'] as const;
const TAKES = ['first', 'last', 'mean', 'smallest', 'largest', 'count'] as const;
const sheet = z.strictObject({
  image: text.optional(),
  outline: text.nullable().optional(),
  planes: z.array(z.enum(PLANES)).min(1, 'must name a plane').refine((given) => new Set(given).size === given.length, 'must not name a plane twice').optional(),
  slices: z.int().min(1).max(64).optional(),
  range: z.tuple([number, number], { error: 'must be two numbers, shown black and white: [0, 1]' }).refine(([black, white]) => black < white, 'must begin with the smaller number').nullable().optional(),
  volume: z.int().min(0).max(1_000_000).optional(),
  picture: text.optional(),
});

/** A largest machine of the day: more is a slip. */
const MOST_MEMORY = 4 * 1024 ** 2;
/** Of a file once read, aliases resolved; and of the lists in it. */
export const MOST_STEPS = 100;
export const MOST_NAMES = 100;

export const parts = {
  about: text,
  program: z.strictObject({ version: command, pattern, accept: text.regex(ACCEPT, 'must be comparisons such as >=3.0.3 <4').nullable().default(null) }),
  input: z.preprocess((value) => (typeof value === 'string' ? { about: value } : value), z.strictObject({ about: text, shared: z.boolean().default(false) })),
  parameter: z.union([z.string().max(1000).refine(noControls, CONTROLS), number, z.boolean(), z.null()], { error: 'must be text, a number, true, false, or empty when the study must give it' }),
  step: z.strictObject({
    program: text,
    run: command,
    stdin: stdin.nullable().default(null),
    place: named(text).default({}),
    outputs: named(fileName).default({}),
    needs: z
      .strictObject({
        threads: z.int().min(1).max(1024).default(1),
        memory: mebibytes('4 GiB', MOST_MEMORY).default(2048),
        time: duration('2h').default(7200),
        silence: durationOrNever('10m').default(null),
      })
      .prefault({}),
    progress: pattern.nullable().default(null),
    exits: z.strictObject({ refuse: exitCodes, exclude: exitCodes }).prefault({}),
    retries: z.int().min(0).max(10).default(1),
    environment: z.strictObject({ pass: z.array(notOwn).max(100).default([]), set: named(argument).default({}) }).prefault({}),
    quality: z.array(z.strictObject({ name: pipelineName, output: text.nullable().default(null), pattern, take: z.enum(TAKES).default('first'), minimum: number.nullable().default(null), maximum: number.nullable().default(null) })).max(50).default([]),
    sheet: sheet.nullable().default(null),
    when: text.nullable().default(null),
    otherwise: named(text).default({}),
  }),
};

/** Names that may be keys of `environment.set`, and of `place`. */
export const settable = notOwn, placeable = placed;

/** Every top-level key of a pipeline file, in the order of the documentation. */
export const pipelineKeys = ['pipeline', 'about', 'programs', 'inputs', 'parameters', 'steps'] as const;

/** Docker's own grammar of names is narrower; what is not there is told before a run. */
const REFERENCE = /^docker:(?:\/\/)?([A-Za-z0-9][A-Za-z0-9._:/@-]*)$/;
/** A .sif file or the folder of an image, for Apptainer; or `docker:` and what Docker calls it. */
const image = text.refine(noControls, CONTROLS).transform((given, context): ProgramImage => {
  const reference = REFERENCE.exec(given)?.[1];
  if (reference !== undefined) return { engine: 'docker', name: reference };
  if (/^[a-z0-9+]+:/i.test(given)) context.addIssue({ code: 'custom', message: 'must be a .sif file, the folder of an image, or docker:NAME; nothing is fetched' });
  return { engine: 'apptainer', name: given };
});

/** What the study file says of a pipeline. */
export const studyPipeline = z.strictObject({
  use: text,
  inputs: named(text).default({}),
  parameters: named(parts.parameter).default({}),
  outputs: text
    .max(255)
    .refine((given) => given.split('/').every((part) => part !== '' && !part.startsWith('.') && part.trim() === part) && !/[\\{}:*?"<>|\p{Cc}]/u.test(given), 'must be a folder within the cohort\'s, such as derivatives/mrtrix3-dti')
    .optional(),
  on_failure: z.enum(['exclude', 'fail', 'keep']).default('exclude'),
  window: z.int().min(1).max(500).default(16),
  personal: z.enum(['refuse', 'keep']).default('refuse'),
  review: z.array(text).max(MOST_STEPS).default([]),
  existing: named(named(text)).default({}),
  images: named(image).default({}),
});

export type StepEntry = z.output<typeof parts.step>;
export type InputEntry = z.output<typeof parts.input>;
export type ProgramEntry = z.output<typeof parts.program>;
export type ParameterEntry = z.output<typeof parts.parameter>;
export type StudyPipelineEntry = z.output<typeof studyPipeline>;

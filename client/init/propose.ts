/** A study from a folder: what could be found out, what was assumed, and what only a person knows. */
import { basename, resolve } from 'node:path';
import type { Hemisphere } from '../../contracts/study.js';
import { SulcusError } from '../../contracts/errors.js';
import { diffusivityUnit, measureOf, sampleOf, type Measure, type Sample } from './metrics.js';
import { findPatterns, guessIds, type Pattern } from './patterns.js';
import { groupsIn, isParticipantsTable, readPeople, type People } from './people.js';
import { findOutside, type Outside } from './outside.js';
import { anteriorCingulate, findRegions, type RegionFiles } from './region.js';
import { findSpectra, findTissue, type SpectraFound, type TissueFound } from './spectroscopy.js';
import { readSmall, walk, type Walked } from './walk.js';

/** Asks a person, or decides alone: returns one of the choices, or null when only a person can say. */
export type Ask = (question: string, choices: readonly string[], likely: string | null) => Promise<string | null>;

export interface ProposedMetric { name: string; template: string; unit: string | null; together: boolean; subjects: number }

export interface ProposedCohort {
  name: string;
  /** Relative to the study's folder. */
  folder: string;
  prefix: string;
  /** Relative to the cohort's folder; null: there is none, and one is to be written. */
  table: string | null;
  ids: string[];
  groups: string[];
  columns: People['columns'];
  tissue: TissueFound | null;
  numeric: string[];
}

export interface Proposal {
  study: string;
  vertices: number;
  hemispheres: Hemisphere[];
  metrics: ProposedMetric[];
  cohorts: ProposedCohort[];
  region: { kind: 'labels'; files: RegionFiles['labels'][number]; include: string[] } | { kind: 'mask'; files: RegionFiles['masks'][number] } | null;
  midline: RegionFiles['midline'][number] | null;
  spectroscopy: SpectraFound | null;
  /** Folders that links lead to. */
  outside: Outside;
  /** What was decided without being told. */
  assumed: string[];
  /** What a person must fill in before the study can run. */
  missing: string[];
}

/** Files of a subject's metric in fewer than this share of the subjects are leftovers. */
const LEAST_SHARE = 0.5;

export async function propose(directory: string, ask: Ask): Promise<Proposal> {
  const walked = await walk(directory), { files } = walked;
  const proposal: Proposal = {
    study: nameOf(basename(resolve(directory)), 'study'), vertices: 0, hemispheres: ['left', 'right'], metrics: [], cohorts: [], region: null, midline: null, spectroscopy: null, outside: { folders: [], files: 0, forPerson: false }, assumed: [], missing: [],
  };
  const found = await cohortsOf(directory, walked, proposal, ask);
  proposal.cohorts = found.map((f) => f.cohort);
  await metricsOf(directory, found, proposal, ask);
  if (proposal.metrics.length === 0) {
    throw new SulcusError('NOTHING_FOUND', `${directory}: found no file of a measure on a surface that belongs to a subject (looked at ${looked(walked)})`, {
      remedy: `${fetchFirst(walked)}name the folder that holds the participants table and the subjects' files; docs/study-file.md describes writing study.yaml by hand`,
    });
  }
  await regionOf(directory, files, found, proposal, ask);
  await spectroscopyOf(directory, found, proposal);
  proposal.outside = await findOutside(directory, proposal);
  if (proposal.outside.forPerson) proposal.missing.push(`outside: ${proposal.outside.files} files are linked from places that only a home folder or the like has in common; put them into one folder and link there, or name the folders under outside`);
  if (walked.broken > 0) proposal.assumed.push(`left out: ${walked.broken} ${walked.broken === 1 ? 'link that leads' : 'links that lead'} to nothing; data of git-annex or DataLad have to be fetched first (datalad get .)`);
  return proposal;
}

interface FoundCohort {
  cohort: ProposedCohort;
  /** Relative to the cohort's folder. */
  files: string[];
  patterns: Pattern[];
}

async function cohortsOf(directory: string, walked: Walked, proposal: Proposal, ask: Ask): Promise<FoundCohort[]> {
  const { files } = walked;
  const tables: { folder: string; people: People }[] = [];
  for (const path of files.filter(isParticipantsTable)) {
    const bytes = await readSmall(directory, path);
    const people = bytes === null ? null : readPeople(bytes, path), folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
    if (people !== null && !tables.some((t) => t.folder === folder)) tables.push({ folder, people });
  }
  const found: FoundCohort[] = [];
  for (const { folder, people } of tables) found.push(await cohortOf(directory, folder, people, within(files, folder, tables.map((t) => t.folder)), proposal, ask));
  const withFiles = found.filter((c) => c.patterns.length > 0);
  if (withFiles.length > 0) return withFiles;
  const ids = guessIds(files);
  if (ids.length === 0) throw new SulcusError('NO_SUBJECTS', `${directory}: found no participants table, and no subjects in the names of its ${looked(walked)}`, { remedy: `${fetchFirst(walked)}write participants.tsv with a column participant_id beside the data` });
  proposal.assumed.push(`no participants table was found: participants.tsv is written with the ${ids.length} ids that the file names hold; add columns group, age and sex to it, and name them under columns`);
  const cohort: ProposedCohort = { name: 'all', folder: '.', prefix: '', table: null, ids, groups: ['all'], columns: { id: 'participant_id', group: null, age: null, sex: null }, tissue: null, numeric: [] };
  return [{ cohort, files: [...files], patterns: findPatterns(files, ids) }];
}

/** Files below a folder, relative to it, without those of cohorts that lie deeper. */
function within(files: readonly string[], folder: string, folders: readonly string[]): string[] {
  const inside = folder === '.' ? files : files.filter((f) => f.startsWith(`${folder}/`)).map((f) => f.slice(folder.length + 1));
  const deeper = folders.filter((f) => f !== folder && (folder === '.' || f.startsWith(`${folder}/`))).map((f) => (folder === '.' ? f : f.slice(folder.length + 1)));
  return inside.filter((f) => !deeper.some((d) => f.startsWith(`${d}/`)));
}

async function cohortOf(directory: string, folder: string, people: People, files: string[], proposal: Proposal, ask: Ask): Promise<FoundCohort> {
  const name = folder === '.' ? 'all' : nameOf(basename(folder), 'cohort');
  const columns = { ...people.columns };
  let groups = people.groups;
  if (columns.group === null && people.candidates.length > 0) {
    columns.group = await ask(`Which column of ${people.path} is the group? (none: everybody is in one group)`, ['none', ...people.candidates], people.candidates.length === 1 ? people.candidates[0] ?? null : 'none').then((c) => (c === 'none' ? null : c));
    const bytes = columns.group === null ? null : await readSmall(directory, people.path);
    if (bytes !== null && columns.group !== null) groups = groupsIn(bytes, people.path, columns.group);
  }
  if (columns.group === null) {
    groups = ['all'];
    proposal.assumed.push(`${people.path} has no column of groups: everybody is in one group, all`);
  } else if (!people.controlKnown && groups.length > 1) {
    const control = await ask(`Which group of ${people.path} are the controls?`, groups, groups[0] ?? null);
    if (control !== null) groups = [control, ...groups.filter((g) => g !== control)];
  }
  for (const role of ['age', 'sex'] as const) if (columns[role] === null) proposal.assumed.push(`${people.path} has no column of ${role}: it is no covariate`);
  const table = people.path.slice(folder === '.' ? 0 : folder.length + 1);
  return { cohort: { name, folder, prefix: '', table, ids: people.ids, groups, columns, tissue: null, numeric: people.numeric }, files, patterns: findPatterns(files, people.ids) };
}

/** The order in which metrics are usually told. */
const ORDER = ['thickness', 'area', 'volume', 'md', 'fa', 'rd', 'ad'];
const place = (name: string): number => (ORDER.indexOf(name) < 0 ? ORDER.length : ORDER.indexOf(name));

interface Candidate { pattern: Pattern; measure: Measure; sample: Sample; cohort: FoundCohort }

async function metricsOf(directory: string, found: readonly FoundCohort[], proposal: Proposal, ask: Ask): Promise<void> {
  const candidates: Candidate[] = [], native = new Set<string>();
  for (const cohort of found) for (const pattern of cohort.patterns) {
    const measure = measureOf(pattern.template);
    if (measure === 'native') native.add(pattern.template);
    if (measure === null || measure === 'native' || pattern.subjects.size < LEAST_SHARE * cohort.cohort.ids.length) continue;
    const bytes = await readSmall(directory, inFolder(cohort.cohort.folder, pattern.example));
    const sample = bytes === null ? null : sampleOf(bytes, pattern);
    if (sample !== null) candidates.push({ pattern, measure, sample, cohort });
  }
  if (native.size > 0) proposal.assumed.push(`left out, being on each subject's own mesh: ${[...native].join(', ')}`);
  const meshes = candidates.filter((c) => c.sample.together || c.pattern.sides.size > 0).map((c) => c.sample.vertices);
  proposal.vertices = mostCommon(meshes) ?? 0;
  const usable = candidates.filter((c) => c.sample.vertices === proposal.vertices && (c.sample.together || c.pattern.sides.size > 0));
  for (const c of candidates.filter((one) => !usable.includes(one))) proposal.assumed.push(`left out, being of another mesh (${c.sample.vertices} vertices): ${c.pattern.template}`);
  const sides = new Set(usable.flatMap((c) => (c.sample.together ? (['left', 'right'] as const) : [...c.pattern.sides])));
  proposal.hemispheres = (['left', 'right'] as const).filter((s) => sides.has(s));
  const names = [...new Set(usable.map((c) => c.measure.name))].sort((a, b) => place(a) - place(b));
  for (const name of names) await metricOf(usable.filter((c) => c.measure.name === name), found, proposal, ask);
}

async function metricOf(candidates: readonly Candidate[], found: readonly FoundCohort[], proposal: Proposal, ask: Ask): Promise<void> {
  const templates = new Map<string, Candidate[]>();
  for (const c of candidates) templates.set(c.pattern.template, [...(templates.get(c.pattern.template) ?? []), c]);
  const subjects = (list: readonly Candidate[]): number => list.reduce((n, c) => n + c.pattern.subjects.size, 0);
  const ranked = [...templates].sort(([, a], [, b]) => subjects(b) - subjects(a) || (b[0]?.measure.preference ?? 0) - (a[0]?.measure.preference ?? 0));
  const likely = ranked[0]?.[0] ?? null;
  const name = candidates[0]?.measure.name ?? '';
  const chosen = ranked.length === 1 ? likely : await ask(`Which files are ${name}?`, ranked.map(([t]) => t), likely);
  const mine = templates.get(chosen ?? '') ?? [], first = mine[0];
  if (chosen === null || first === undefined) return;
  for (const c of mine) if (c.pattern.prefix !== null) c.cohort.cohort.prefix = c.pattern.prefix;
  const unit = first.measure.unit === 'diffusivity' ? diffusivityUnit(first.sample.mean) : first.measure.unit;
  if (unit !== null) proposal.assumed.push(`${name} is in ${unit}${first.measure.unit === 'diffusivity' ? `, by its size (mean ${first.sample.mean.toPrecision(2)})` : ''}`);
  proposal.metrics.push({ name: nameOf(name, 'measure'), template: chosen, unit, together: first.sample.together, subjects: subjects(mine) });
  const without = found.filter((f) => !mine.some((c) => c.cohort === f)).map((f) => f.cohort.name);
  if (without.length > 0) proposal.missing.push(`${name} has no files ${chosen} in ${without.join(', ')}: every cohort needs every metric under one template`);
}

async function regionOf(directory: string, files: readonly string[], found: readonly FoundCohort[], proposal: Proposal, ask: Ask): Promise<void> {
  const ofSubjects = new Set(found.flatMap((c) => c.patterns.filter((p) => p.subjects.size > 1).map((p) => p.example)));
  const owned = new Set(found.flatMap(({ cohort, files: mine }) => { const ids = new Set(cohort.ids.flatMap((id) => [id, id.replace(/^sub-/, '')])); return mine.filter((f) => f.split('/').some((s) => ids.has(s))).map((f) => inFolder(cohort.folder, f)); }));
  const shared = files.filter((f) => !owned.has(f) && !ofSubjects.has(f));
  const regions = await findRegions(directory, shared, proposal.vertices);
  const complete = regions.labels.filter((l) => proposal.hemispheres.every((s) => l.files[s] !== undefined));
  const cingulate = complete.find((l) => anteriorCingulate(l.names) !== null);
  proposal.midline = regions.midline[0] ?? null;
  const masks = regions.masks.filter((m) => proposal.hemispheres.every((s) => m[s] !== undefined));
  if (cingulate !== undefined) {
    const include = anteriorCingulate(cingulate.names) ?? [];
    proposal.region = { kind: 'labels', files: cingulate, include: include.map((n) => cingulate.names.find((name) => name.toLowerCase().replace(/[\s_.-]/g, '').includes(n)) ?? n).map(withoutSide) };
    proposal.assumed.push(`the region is the anterior cingulate (${proposal.region.include.join(', ')}), as in the paper; change region.include for another`);
  } else if (complete[0] !== undefined) {
    const names = [...new Set(complete[0].names.map(withoutSide))];
    const answer = await ask('Which region is analysed?', names, null);
    proposal.region = { kind: 'labels', files: complete[0], include: answer === null ? [] : [answer] };
    if (answer === null) proposal.missing.push(`region.include: name one or more of ${names.slice(0, 60).join(', ')}${names.length > 60 ? ', ...' : ''}`);
  } else if (masks[0] !== undefined) {
    proposal.region = { kind: 'mask', files: masks[0] };
    proposal.assumed.push(`the region is the mask ${Object.values(masks[0]).join(', ')}`);
  } else {
    proposal.missing.push(`region: found no labels or mask of ${proposal.vertices} vertices${regions.otherMesh.length > 0 ? ` (of another mesh: ${regions.otherMesh.join(', ')})` : ''}; give labels, a mask or a list of vertices`);
  }
  if (proposal.midline !== null) proposal.assumed.push('the midline is kept, as in the paper; midline: drop removes it');
  if (regions.otherMesh.length > 0 && proposal.region !== null) proposal.assumed.push(`left out, being of another mesh: ${regions.otherMesh.join(', ')}`);
}

async function spectroscopyOf(directory: string, found: readonly FoundCohort[], proposal: Proposal): Promise<void> {
  const spectra: SpectraFound[] = [];
  for (const { cohort, files, patterns } of found) {
    const one = await findSpectra(directory, cohort.folder, patterns);
    if (one !== null) spectra.push(one);
    cohort.tissue = await findTissue(directory, cohort.folder, files, cohort.columns.id);
  }
  const first = spectra[0];
  if (first === undefined) return;
  if (spectra.length < found.length || spectra.some((s) => s.template !== first.template)) {
    proposal.assumed.push(`spectroscopy is left out: not every cohort has LCModel tables named ${first.template}`);
    return;
  }
  proposal.spectroscopy = { ...first, needsHzpppm: spectra.some((s) => s.needsHzpppm) };
  proposal.assumed.push(`the metabolite is ${first.metabolite}`);
  if (proposal.spectroscopy.needsHzpppm) proposal.missing.push('spectroscopy.hzpppm: the tables do not state the scanner\'s frequency (MHz), without which FWHM in Hz is not known');
  if (first.errors.length > 0) proposal.assumed.push(`LCModel reports errors (${first.errors.join(', ')}): such spectra are left out unless waive_errors says otherwise`);
}

/** What was looked at, and what could not be. */
const looked = ({ files, broken }: Walked): string => `${files.length} files${broken === 0 ? '' : `; ${broken} ${broken === 1 ? 'link leads' : 'links lead'} to nothing`}`;
const fetchFirst = ({ broken }: Walked): string => (broken === 0 ? '' : 'fetch what the links lead to first (git-annex and DataLad: datalad get .); otherwise ');
const inFolder = (folder: string, file: string): string => (folder === '.' ? file : `${folder}/${file}`);
const withoutSide = (name: string): string => name.replace(/[._ -](l|r|lh|rh|left|right)$/i, '');

function mostCommon(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** A name the study file takes: letters, digits, - and _. */
function nameOf(text: string, otherwise: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[-_]+|-+$/g, '').slice(0, 64) || otherwise;
}

/** A person's look at participants, step by step of a pipeline: the page with their contact sheets, and the ratings that come back from it. */
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { participantIds } from '../../activities/ingest/survey.js';
import { excludedByPersons } from '../../activities/operator/exclusions.js';
import { loadStudy, type StudyFile } from '../../config/index.js';
import { SulcusError } from '../../contracts/errors.js';
import { RATINGS, type RatingValue } from '../../contracts/pipelines.js';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { GO_ON, whoDecides } from '../decide/update.js';
import { gather, type Review, type Reviewed } from '../rate/gather.js';
import { findReviewed, RatingsRefused, readRatings, type Said } from '../rate/ratings-file.js';
import { tellRatedHere } from '../rate/signal.js';
import { takeIn } from '../rate/take-in.js';
import { openRatingFolder, removeRatingPage, writeRatingPage, type WrittenPage } from '../rate/write-page.js';
import { storeOf } from '../store.js';
import { foreignServer, stateDirectory } from '../temporal/index.js';

interface Options {
  cohort?: string;
  pipeline?: string;
  step?: string;
  out?: string;
  from?: string;
  participant?: string;
  rating?: RatingValue;
  note?: string;
  by?: string;
}

export function registerRate(program: Command): void {
  program.command('rate')
    .description('look at participants whose pipeline waits for a person: writes a page of their contact sheets, and takes the ratings in')
    .argument('<study.yaml>', 'the study file')
    .option('--cohort <name>', 'this cohort alone')
    .option('--pipeline <name>', 'this pipeline alone')
    .option('--step <name>', 'this step alone')
    .option('--out <dir>', 'folder of the pages (default: rating/ beside the study file); it names participants')
    .option('--from <ratings.tsv>', 'take in the ratings that a page has saved, or a table of your own')
    .option('--participant <id>', 'rate one participant, or change the rating')
    .addOption(new Option('--rating <word>', 'with --participant').choices(RATINGS))
    .option('--note <text>', 'with --participant; kept with the rating')
    .option('--by <name>', 'who rates (default: the user of this computer)')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExamples:\n  sulcus rate study.yaml\n  sulcus rate study.yaml --from ~/Downloads/ratings.tsv --by "A. Reviewer"\n  sulcus rate study.yaml --participant TKY017 --rating unfit --note "half of the head"')
    .action(action(rate));
}

async function rate(run: Run, path: string, options: Options): Promise<number> {
  checkOptions(options);
  const file = await loadStudy(path), state = stateDirectory(file.file);
  const reviews = await gather(file.spec, file.directory, choiceOf(options), (cohort) => leftOut(file, cohort, state, run.console.note), run.console.status);
  run.console.status('');
  if (options.from === undefined && options.participant === undefined) return show(run, file, reviews, resolve(options.out ?? join(file.directory, 'rating')));
  const known = await idsOf(file);
  let said: Said[], empty = 0;
  try {
    if (options.from === undefined) said = [one(options, reviews, known)];
    else ({ said, empty } = readRatings(await readTable(options.from), options.from, reviews, known));
  } catch (error) {
    if (!(error instanceof RatingsRefused)) throw error;
    for (const { line, message } of error.problems) run.console.note(`${options.from}:${line}: ${message}`);
    run.console.note(`sulcus: ${error.message} (${error.remedy})`);
    run.console.answer({ status: 'failed', error: { code: error.code, message: error.message, remedy: error.remedy }, problems: error.problems });
    return EXIT.usage;
  }
  return take(run, { said, empty }, whoDecides(options.by), file.spec.study, state);
}

/** A file of ratings says by itself whose they are, but may be narrowed; of one participant all is told. */
const choiceOf = ({ cohort, pipeline, step, from, participant }: Options): { cohort?: string; pipeline?: string; step?: string } =>
  from !== undefined || participant !== undefined ? {} : { ...(cohort === undefined ? {} : { cohort }), ...(pipeline === undefined ? {} : { pipeline }), ...(step === undefined ? {} : { step }) };

function checkOptions({ from, participant, rating, note, cohort, pipeline, step, out }: Options): void {
  const bad = (message: string, remedy: string): SulcusError => new SulcusError('BAD_OPTION', message, { remedy });
  if (from !== undefined && participant !== undefined) throw bad('--from and --participant do not go together', 'take in a table, or rate one participant');
  if ((participant === undefined) !== (rating === undefined)) throw bad(`--${participant === undefined ? 'rating' : 'participant'} needs --${participant === undefined ? 'participant' : 'rating'}`, `ratings: ${RATINGS.join(', ')}`);
  if (note !== undefined && participant === undefined) throw bad('--note needs --participant', 'a table has a column for notes');
  if (from !== undefined && (cohort ?? pipeline ?? step) !== undefined) throw bad('--cohort, --pipeline and --step do not go with --from', 'the table says whose ratings they are');
  if (out !== undefined && (from ?? participant) !== undefined) throw bad('--out is for the pages', 'leave it out');
}

async function leftOut({ spec }: StudyFile, cohort: string, state: string, note: (line: string) => void): Promise<ReadonlySet<string>> {
  return existsSync(state) ? new Set((await excludedByPersons(await storeOf(state, note), spec.study, cohort)).keys()) : new Set();
}

async function idsOf({ spec, directory }: StudyFile): Promise<Map<string, Set<string>>> {
  const known = new Map<string, Set<string>>();
  for (const { name } of spec.cohorts) known.set(name, (await participantIds(spec, directory, name)).ids);
  return known;
}

async function readTable(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new SulcusError('BAD_OPTION', `--from ${path} ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read'}`, { file: path, remedy: 'name the file that the page has saved', cause: error });
  }
}

function one({ cohort, participant = '', pipeline, step, rating, note }: Options, reviews: readonly Review[], known: Map<string, Set<string>>): Said {
  const found = findReviewed({ cohort: cohort ?? null, participant, pipeline: pipeline ?? null, step: step ?? null }, reviews, known);
  if ('code' in found) throw new SulcusError('BAD_OPTION', found.message, { remedy: found.code.startsWith('SEVERAL') ? 'with --cohort, --pipeline and --step' : 'sulcus rate STUDY.yaml tells who waits for a rating' });
  return { reviewed: found.reviewed, rating: rating as RatingValue, note: note ?? null };
}

/** Who waits, and the pages for those with a sheet. Pages of steps at which nobody waits any more go. */
async function show({ console }: Run, { spec, file }: StudyFile, reviews: readonly Review[], out: string): Promise<number> {
  const waiting = reviews.flatMap(({ reviewed }) => reviewed.filter((who) => who.rating === null)), drawn = waiting.filter((who) => who.sheet !== null), pages: WrittenPage[] = [];
  for (const review of reviews) console.say(reviewLine(review));
  for (const review of reviews) if (!drawn.some(({ pipeline, step }) => review.pipeline === pipeline && review.step === step)) await removeRatingPage(out, review);
  if (drawn.length > 0) {
    await openRatingFolder(out);
    for (const people of grouped(drawn).values()) pages.push(await writeRatingPage(out, spec.study, people));
  }
  for (const page of pages) console.say(`page: ${page.file} (${people(page.participants)}; it names participants: keep it as you keep the data)`);
  if (pages.length > 0) console.say(`open it in a browser, rate, save, and take the ratings in with: sulcus rate ${relative(process.cwd(), file)} --from ratings.tsv`);
  if (waiting.length > drawn.length) console.say(`${waiting.length - drawn.length} ${waiting.length - drawn.length === 1 ? 'waits' : 'wait'} without a contact sheet: a run draws it (sulcus run)`);
  console.answer({
    reviews: reviews.map(({ cohort, pipeline, step, reviewed }) => ({ cohort, pipeline, step, waiting: reviewed.filter((who) => who.rating === null).length, undrawn: reviewed.filter((who) => who.rating === null && who.sheet === null).length, rated: countRatings(reviewed) })),
    pages,
  });
  return EXIT.done;
}

const people = (n: number): string => `${n} participant${n === 1 ? '' : 's'}`;

function grouped(all: readonly Reviewed[]): Map<string, Reviewed[]> {
  const groups = new Map<string, Reviewed[]>();
  for (const who of all) groups.set(`${who.pipeline}/${who.step}`, [...(groups.get(`${who.pipeline}/${who.step}`) ?? []), who]);
  return groups;
}

function countRatings(reviewed: readonly Reviewed[]): Record<RatingValue, number> {
  const counts = { good: 0, doubtful: 0, unfit: 0 };
  for (const { rating } of reviewed) if (rating !== null) counts[rating.rating]++;
  return counts;
}

function reviewLine({ cohort, pipeline, step, reviewed }: Review): string {
  const waiting = reviewed.filter((who) => who.rating === null).length, rated = reviewed.length - waiting, counts = countRatings(reviewed);
  return `${cohort}, ${step} of ${pipeline}: ${people(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for a rating${rated === 0 ? '' : `; ${rated} rated: ${RATINGS.filter((word) => counts[word] > 0).map((word) => `${counts[word]} ${word}`).join(', ')}`}`;
}

async function take({ console }: Run, { said, empty }: { said: readonly Said[]; empty: number }, by: string, study: string, state: string): Promise<number> {
  const { written, same } = await takeIn(said, by, new Date().toISOString());
  console.say(`${written} rating${written === 1 ? '' : 's'} taken in${same > 0 ? `, ${same} there already` : ''}${empty > 0 ? `, ${empty} row${empty === 1 ? '' : 's'} without a rating left aside` : ''}`);
  const told = said.length > 0 && (existsSync(state) || foreignServer() !== null) ? await tell(state, study, console.note) : 0;
  if (said.length > 0) console.say(told > 0 ? `study ${study} is told and goes on; unless a command follows it already, ${GO_ON}` : 'they count at the next run: sulcus run STUDY.yaml');
  console.answer({ written, same, empty, by, told });
  return EXIT.done;
}

/** Pipelines that wait are told; the ratings are there whatever comes of it. */
async function tell(state: string, study: string, note: (line: string) => void): Promise<number> {
  try {
    return await tellRatedHere(state, study, note);
  } catch (error) {
    throw new SulcusError('NOT_TOLD', `the ratings are taken in, but a study that waits for them could not be told: ${error instanceof Error ? error.message : String(error)}`, { remedy: 'type the same command again', cause: error });
  }
}

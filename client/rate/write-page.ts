/** The folder of the pages for rating. It names participants: only its owner may read it. */
import { chmod, copyFile, constants, link, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kindOfPicture } from '../../activities/imaging/sheet/index.js';
import { SulcusError } from '../../contracts/errors.js';
import type { Reviewed } from './gather.js';
import { renderRatingPage } from './page.js';

/** What tells the folder from others. */
const MARK = '.sulcus-rate';

export interface WrittenPage {
  pipeline: string;
  step: string;
  /** Absolute. */
  file: string;
  participants: number;
}

/** Neither name holds a point. */
const nameOf = ({ pipeline, step }: Pick<Reviewed, 'pipeline' | 'step'>): string => `${pipeline}.${step}`;

/** Throws OUT_NOT_EMPTY when the folder holds something else. */
export async function openRatingFolder(out: string): Promise<void> {
  const names = await readdir(out).catch((error: NodeJS.ErrnoException): string[] => { if (error.code === 'ENOENT') return []; throw error; });
  if (names.length > 0 && !names.includes(MARK)) throw new SulcusError('OUT_NOT_EMPTY', `${out} is not empty and holds no pages for rating`, { remedy: 'choose another folder with --out' });
  await mkdir(out, { recursive: true, mode: 0o700 });
  await chmod(out, 0o700);
  await writeFile(join(out, MARK), '', { mode: 0o600 });
}

/** Nobody waits at the step any more: its page goes, and nothing else of the folder. */
export async function removeRatingPage(out: string, step: Pick<Reviewed, 'pipeline' | 'step'>): Promise<void> {
  if (!(await readdir(out).catch((): string[] => [])).includes(MARK)) return;
  await rm(join(out, `${nameOf(step)}.html`), { force: true });
  await rm(join(out, nameOf(step)), { recursive: true, force: true });
}

/** A page of those with a sheet: OUT/PIPELINE.STEP.html, and their sheets in OUT/PIPELINE.STEP. Earlier ones of the same step go. */
export async function writeRatingPage(out: string, study: string, people: readonly Reviewed[]): Promise<WrittenPage> {
  const { pipeline, step } = people[0] as Reviewed, name = nameOf({ pipeline, step }), aside = join(out, `.${name}.new`), folder = join(out, name), file = join(out, `${name}.html`);
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { mode: 0o700 });
  const digits = String(people.length).length, items = [];
  for (const [n, { cohort, participant, sheet, outputs, quality }] of people.entries()) {
    const image = `${String(n + 1).padStart(digits, '0')}.${await suffixOf(sheet as string)}`;
    await place(sheet as string, join(aside, image));
    items.push({ cohort, participant, image: `${encodeURIComponent(name)}/${image}`, outputs, quality });
  }
  await rm(file, { force: true });
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
  await writeFile(`${file}.new`, renderRatingPage({ study, pipeline, step, items }), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return { pipeline, step, file, participants: people.length };
}

async function suffixOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    return kindOfPicture((await file.read(Buffer.alloc(16), 0, 16, 0)).buffer) ?? 'png';
  } finally {
    await file.close();
  }
}

/** A second name takes no room; on another disk it is a copy. A sheet that is drawn again is a new file: the page keeps what it shows. */
async function place(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_FICLONE).then(() => chmod(to, 0o600)));
}

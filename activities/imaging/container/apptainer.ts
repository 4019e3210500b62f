/** Apptainer, and SingularityCE, which takes the same commands: an image is a file, and what runs in it are processes of the worker's own. */
import { mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SulcusError } from '../../../contracts/errors.js';
import type { ProgramImage } from '../../../contracts/pipelines.js';
import { Digests } from '../digests.js';
import { runProgram, type ProgramEnd, type ProgramRun } from '../program.js';
import { engineEnvironment, findEngine, imageMissing } from './engine.js';
import type { KnownImage, Mount } from './index.js';
import { mountArguments } from './mount.js';

/** Where a file of Apptainer's says what it is. */
const MAGIC = 'SIF_MAGIC', MAGIC_AT = 32;

/** Images may have gigabytes: each is read once by a process while its size, times and inode are the same. */
const digests = new Digests(null, '');

export async function apptainerImage({ engine, name }: ProgramImage, directory: string): Promise<KnownImage> {
  const command = findEngine(engine), source = resolve(directory, name), problem = await fileProblem(source);
  if (problem !== null) throw imageMissing(`the image ${name} ${problem.what}`, problem.remedy);
  return { engine, name, id: `sha256:${(await digests.of(source)).sha256}`, command, source };
}

async function fileProblem(file: string): Promise<{ what: string; remedy: string } | null> {
  const fetchIt = 'put it there (`apptainer pull` makes one); nothing is fetched by itself';
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => error);
  if (handle instanceof Error) return { what: handle.code === 'ENOENT' ? 'is not there' : `cannot be read: ${handle.code ?? handle.message}`, remedy: fetchIt };
  try {
    // What a folder holds may change at any time, and with it what a step was done with.
    if ((await handle.stat()).isDirectory()) return { what: 'is a folder, expected a .sif file, which is known by its checksum', remedy: `make one of it: apptainer build IMAGE.sif ${file}` };
    const { buffer } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, MAGIC_AT);
    return buffer.toString('latin1') === MAGIC ? null : { what: 'is no image of Apptainer\'s (SIF)', remedy: 'see that the file is whole, and not what stands for it (git-annex, Git LFS)' };
  } finally {
    await handle.close();
  }
}

/**
 * `--containall`: none of the machine's folders, processes and variables. `--no-eval`: values of variables are not given to a shell. `--home`: HOME is the scratch
 * folder, as without a container; `--workdir`: /tmp and /var/tmp are on the disk, not in 64 MiB of memory. Descendants of the worker's guard, so its limits hold.
 */
export async function runInApptainer({ command, source }: KnownImage, mounts: readonly Mount[], run: ProgramRun): Promise<ProgramEnd> {
  const { HOME = run.cwd } = run.env, work = join(HOME, '.apptainer');
  if (HOME.includes(':')) throw new SulcusError('IMAGE_PATH', 'the path of the scratch folder has a colon in it, and Apptainer takes none', { remedy: 'rename the folders of the study and the participants so that none has a colon in its name' });
  await mkdir(work, { recursive: true });
  const prefix = command === 'singularity' ? 'SINGULARITYENV_' : 'APPTAINERENV_';
  const inside = Object.entries(run.env).filter(([name]) => name !== 'HOME').map(([name, value]) => [`${prefix}${name}`, value] as const);
  return runProgram({
    ...run, env: { ...engineEnvironment(), ...Object.fromEntries(inside) },
    command: [command, '--quiet', 'exec', '--containall', '--no-eval', '--home', HOME, '--workdir', work, '--pwd', run.cwd, ...mountArguments(mounts), source, ...run.command],
  });
}

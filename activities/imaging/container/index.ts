/**
 * Programs in containers: the same command under the same paths, in an image that the study names. It sees of the machine what its step reads, read-only, and
 * the folder aside that it writes to. Nothing is fetched: an image that is not there is told.
 */
import { realpath } from 'node:fs/promises';
import { SulcusError } from '../../../contracts/errors.js';
import { runProgram, type ProgramEnd, type ProgramRun } from '../program.js';
import type { ProgramImage } from '../../../contracts/pipelines.js';
import { apptainerImage, runInApptainer } from './apptainer.js';
import { dockerImage, runInDocker } from './docker.js';

/** An image that is on this machine. */
export interface KnownImage extends ProgramImage {
  /** `sha256:` and hexadecimal digits: of the file, or as Docker tells it. */
  id: string;
  /** The engine's command here. */
  command: string;
  /** What the engine runs: the file, or the id. */
  source: string;
}

export interface Inside {
  image: KnownImage;
  /** Absolute paths of files that it may read; those that links lead to are theirs under the links' names. */
  reads: readonly string[];
  /** The folder that it may write to; in it the program runs and has its scratch folder. */
  writes: string;
}

/** A place of this machine as the container sees it. */
export interface Mount {
  /** Without links. */
  source: string;
  target: string;
  readonly: boolean;
}

/**
 * An image as it is on this machine, known by its content.
 * @param directory of the study: where the name of a file begins
 * @throws SulcusError IMAGE_MISSING: the engine or the image is not there; DOCKER_UNAVAILABLE: its daemon does not answer
 */
export const knownImage = (image: ProgramImage, directory: string): Promise<KnownImage> => (image.engine === 'docker' ? dockerImage(image) : apptainerImage(image, directory));

/**
 * Runs a program as `runProgram` does, in a container where one is given (null: on the machine). Its PATH is then the image's own.
 * @throws what runProgram throws; SulcusError PROGRAM_MISSING: the image has no such command; DOCKER_UNAVAILABLE when Docker lost it, which another try may mend
 */
export async function runInside(inside: Inside | null, run: ProgramRun): Promise<ProgramEnd> {
  if (inside === null) return runProgram(run);
  const { PATH: _, ...env } = run.env, contained = { ...run, env };
  const mounts = [{ source: await realpath(inside.writes), target: inside.writes, readonly: false }, ...(await Promise.all([...new Set(inside.reads)].map(async (target) => ({ source: await realpath(target), target, readonly: true }))))];
  const end = await (inside.image.engine === 'docker' ? runInDocker(inside.image, mounts, contained) : runInApptainer(inside.image, mounts, contained));
  if (end.stopped === null && end.code !== 0 && NOT_FOUND.test(end.tail.split('\n').at(-1) ?? '')) {
    throw new SulcusError('PROGRAM_MISSING', `${run.command[0] ?? ''} is not in the image ${inside.image.name}`, { remedy: 'name an image that has it under `images` in the study file' });
  }
  return end;
}

/** What Apptainer, and the first process of Docker's and of Podman's containers, print last when a command is not in the image: nobody's failure, as without a container. */
const NOT_FOUND = /^FATAL:.*(?:executable file not found|no such file or directory)|^\[FATAL tini \(\d+\)\] exec .* failed: No such file|catatonit.*failed to exec pid1: No such file/i;

import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Factorization } from '../../analysis/opnmf/index.js';
import { SulcusError } from '../../contracts/errors.js';
import type { Solver } from '../../contracts/study.js';
import { DEFAULT_TOLERANCE } from '../../contracts/limits.js';
import { writeNpy } from '../../formats/index.js';
import { action, wholeNumber, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { readMatrix } from '../factorize/matrix.js';
import { factorizeRanks } from '../factorize/run.js';

interface Options {
  rank: [number, number];
  solver: Solver;
  init?: string;
  tolerance?: number;
  maxIterations?: number;
  seed: number;
  out?: string;
  threads?: number;
}

interface Summary extends Omit<Factorization, 'W' | 'H'> {
  seconds: number;
  resumed: boolean;
  W: string | null;
}

export function registerFactorize(program: Command): void {
  program.command('factorize')
    .description('OPNMF of one non-negative matrix (.npy, vertices x columns); needs no server')
    .argument('<X.npy>', 'the matrix')
    .requiredOption('--rank <k|lowest..highest>', 'one rank or a range', rankRange)
    .addOption(new Option('--solver <name>', 'accelerated, or the published multiplicative update').choices(['accelerated', 'multiplicative']).default('accelerated'))
    .option('--init <W0.npy>', 'initial W (vertices x rank) instead of the built-in starts')
    .option('--tolerance <t>', 'residual r (accelerated, default 1e-4) or relative change (multiplicative, default 1e-5)', positive)
    .option('--max-iterations <n>', 'default 20000 (accelerated), 50000 (multiplicative)', wholeNumber('--max-iterations', 1))
    .option('--seed <n>', 'seed of the random starts', wholeNumber('--seed', 0), 0)
    .option('--out <dir>', 'writes DIR/k04/W.npy, H.npy and summary.json for each rank; what is interrupted goes on from a checkpoint there')
    .option('--threads <n>', 'ranks fitted at once, sharing the matrix in memory; default: the processors', wholeNumber('--threads', 1))
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus factorize X.npy --rank 2..10 --out fits')
    .action(action(factorizeFile));
}

function rankRange(text: string): [number, number] {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  const low = Number(match?.[1]), high = Number(match?.[2] ?? match?.[1]);
  if (!match || low < 1 || high < low) throw new InvalidArgumentError('give a rank such as 4, or a range such as 2..10.');
  return [low, high];
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('give a positive number.');
  return value;
}

async function factorizeFile({ console, interrupted }: Run, path: string, options: Options): Promise<number> {
  const { solver, threads = availableParallelism() } = options;
  const [low, high] = options.rank;
  const initial = options.init === undefined ? null : readMatrix(options.init);
  if (initial !== null && (low !== high || initial.columns !== low)) {
    throw new SulcusError('BAD_OPTION', `--init is ${initial.rows} x ${initial.columns}; with --rank ${low === high ? low : `${low}..${high}`} it must have the columns of one single rank`);
  }
  const folder = (rank: number): string | null => (options.out === undefined ? null : join(resolve(options.out), `k${String(rank).padStart(2, '0')}`));
  const fits: Summary[] = [], progress = new Map<number, string>();
  await factorizeRanks({
    path, threads, signal: interrupted,
    ranks: Array.from({ length: high - low + 1 }, (_, i) => low + i),
    options: {
      solver, seed: options.seed, initial: initial?.data ?? null,
      tolerance: options.tolerance ?? (solver === 'accelerated' ? DEFAULT_TOLERANCE : 1e-5), maxIterations: options.maxIterations ?? (solver === 'accelerated' ? 20_000 : 50_000),
    },
    checkpointOf: options.out === undefined ? null : (rank): string => join(folder(rank) as string, 'checkpoint'),
    onProgress: (rank, passes, residual) => {
      progress.set(rank, `rank ${rank}: ${passes} passes, residual ${residual.toExponential(1)}`);
      console.status([...progress.values()].join('; '));
    },
    onFit: async ({ fit, seconds, resumed }) => {
      progress.delete(fit.rank);
      const { W, H, ...certificate } = fit, to = folder(fit.rank);
      const summary: Summary = { ...certificate, seconds, resumed, W: to === null ? null : join(to, 'W.npy') };
      if (to !== null) {
        await mkdir(to, { recursive: true });
        await writeFile(join(to, 'W.npy'), writeNpy(W, [W.length / fit.rank, fit.rank]));
        await writeFile(join(to, 'H.npy'), writeNpy(H, [fit.rank, H.length / fit.rank]));
        await writeFile(join(to, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
      }
      fits.push(summary);
      const passes = fit.compressedPasses > 0 ? `${fit.passes} passes over X and ${fit.compressedPasses} over its leading part` : `${fit.passes} passes`;
      console.say(`rank ${fit.rank}: error ${fit.error.toPrecision(8)}, residual ${fit.residual.toExponential(2)}, ${passes}, ${seconds.toFixed(2)} s${resumed ? ' after going on from a checkpoint' : ''}, ${fit.converged ? 'converged' : `NOT CONVERGED (${fit.stopped})`}`);
      if (fit.flat) console.note(`rank ${fit.rank}: more components than the matrix determines; very many W fit it about as well, and which of them this is hangs on the start`);
    },
  });
  console.status('');
  fits.sort((a, b) => a.rank - b.rank);
  console.answer({ fits });
  if (!interrupted.aborted || fits.length > high - low) return EXIT.done;
  console.note(options.out === undefined ? 'interrupted' : 'interrupted; the same command goes on from where it was');
  return EXIT.interrupted;
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { Factorizer } from '../../analysis/opnmf/index.js';
import { SulcusError } from '../../contracts/errors.js';
import type { Solver } from '../../contracts/study.js';
import { readNpy, writeNpy } from '../../formats/index.js';
import { action, wholeNumber, type Run } from '../command.js';
import { EXIT } from '../console.js';

interface Options {
  rank: [number, number];
  solver: Solver;
  init?: string;
  tolerance?: number;
  maxIterations?: number;
  seed: number;
  out?: string;
}

export function registerFactorize(program: Command): void {
  program.command('factorize')
    .description('OPNMF of one non-negative matrix (.npy, vertices x columns); needs no server')
    .argument('<X.npy>', 'the matrix')
    .requiredOption('--rank <k|lowest..highest>', 'one rank or a range', rankRange)
    .addOption(new Option('--solver <name>', 'accelerated, or the published multiplicative update').choices(['accelerated', 'multiplicative']).default('accelerated'))
    .option('--init <W0.npy>', 'initial W (vertices x rank) instead of the built-in starts')
    .option('--tolerance <t>', 'residual r (accelerated, default 1e-4) or relative change (multiplicative, default 1e-5)', positive)
    .option('--max-iterations <n>', 'default 5000 (accelerated), 50000 (multiplicative)', wholeNumber('--max-iterations', 1))
    .option('--seed <n>', 'seed of the random starts', wholeNumber('--seed', 0), 0)
    .option('--out <dir>', 'writes DIR/k04/W.npy, H.npy and summary.json for each rank')
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

async function readMatrix(path: string): Promise<{ data: Float64Array; rows: number; columns: number }> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new SulcusError('BAD_OPTION', `${path} cannot be read (${cause.code ?? cause.message})`, { cause });
  });
  const { shape, data } = readNpy(bytes, { file: path });
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows === undefined || columns === undefined) throw new SulcusError('BAD_OPTION', `${path} has ${shape.length} dimensions where a matrix has 2`);
  return { data, rows, columns };
}

async function factorizeFile({ console, interrupted }: Run, path: string, options: Options): Promise<number> {
  const { data, rows: m, columns: n } = await readMatrix(path);
  const [low, high] = options.rank;
  const initial = options.init === undefined ? null : await readMatrix(options.init);
  if (initial !== null && (low !== high || initial.rows !== m || initial.columns !== low)) {
    throw new SulcusError('BAD_OPTION', `--init is ${initial.rows} x ${initial.columns}; with --rank ${low === high ? low : `${low}..${high}`} and ${m} rows it must be ${m} x one single rank`);
  }
  const { solver } = options;
  const factorizer = new Factorizer(data, m, n, high);
  const fits = [];
  for (let rank = low; rank <= high; rank++) {
    const started = performance.now();
    const fit = factorizer.factorize({
      rank, solver, seed: options.seed, tolerance: options.tolerance ?? (solver === 'accelerated' ? 1e-4 : 1e-5), maxIterations: options.maxIterations ?? (solver === 'accelerated' ? 5_000 : 50_000),
      ...(initial === null ? {} : { initial: initial.data }),
      onPass: (p) => { if (p.passes % 200 === 0) console.status(`rank ${rank}: ${p.passes} passes, residual ${p.residual.toExponential(1)}`); return !interrupted.aborted; },
    });
    const { W, H, ...certificate } = fit;
    const summary = { ...certificate, seconds: (performance.now() - started) / 1000, W: null as string | null };
    if (options.out !== undefined) {
      const folder = join(resolve(options.out), `k${String(rank).padStart(2, '0')}`);
      await mkdir(folder, { recursive: true });
      summary.W = join(folder, 'W.npy');
      await writeFile(summary.W, writeNpy(W, [m, rank]));
      await writeFile(join(folder, 'H.npy'), writeNpy(H, [rank, n]));
      await writeFile(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
    }
    fits.push(summary);
    console.say(`rank ${rank}: error ${fit.error.toPrecision(8)}, residual ${fit.residual.toExponential(2)}, ${fit.passes} passes, ${summary.seconds.toFixed(2)} s, ${fit.converged ? 'converged' : `NOT CONVERGED (${fit.stopped})`}`);
  }
  console.answer({ fits });
  return EXIT.done;
}

/** Cores, memory, what the fit threads need of the JavaScript engine, open files, and the environment's proxies. */
import { readFileSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { bad, bytes, ok, warn, type Finding } from './finding.js';

/** The smallest module that uses a SIMD instruction (i32.const 0; i8x16.splat; i8x16.popcnt). */
const SIMD = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]);
const LEAST_MEMORY = 2e9, GOOD_MEMORY = 6e9, LEAST_FILES = 1024;

export interface Machine {
  cores: number;
  /** Cores' worth of time that a container may use; null: no limit. */
  quota: number | null;
  memory: number;
  available: number;
  /** Open files a process may have; null: unknown. */
  files: number | null;
}

export function thisMachine(): Machine {
  const limit = process.constrainedMemory();
  const total = totalmem(), memory = limit > 0 && limit < total ? limit : total;
  return { cores: availableParallelism(), quota: cpuQuota(), memory, available: Math.min(memory, memAvailable()), files: openFiles() };
}

export function examineMachine(machine: Machine, env: NodeJS.ProcessEnv = process.env): Finding[] {
  return [cores(machine), memory(machine), kernel(), sharedMemory(), files(machine), proxies(env)];
}

function cores({ cores: n, quota }: Machine): Finding {
  if (quota !== null && quota < n) return warn('machine', 'cores', `${n}, but a limit of ${quota} is set on this container`, 'throttled fits miss their heartbeats and are done again', `start workers with --threads ${Math.max(1, Math.floor(quota))}, or lift the limit`);
  return n > 1 ? ok('machine', 'cores', `${n}: as many fits at a time`) : warn('machine', 'cores', '1', 'one fit at a time, and the server shares its core', 'more cores, or workers on other machines (docs/operations.md)');
}

function memory({ memory: m, available }: Machine): Finding {
  const found = `${bytes(m)}, ${bytes(available)} of it available`, remedy = 'close other programs, use fewer threads, or a machine with more';
  if (m < LEAST_MEMORY) return bad('machine', 'memory', found, 'server, worker and a cohort\'s matrix do not fit together', remedy);
  return m < GOOD_MEMORY || available < LEAST_MEMORY ? warn('machine', 'memory', found, 'large cohorts or whole-cortex regions may run out of it', remedy) : ok('machine', 'memory', found);
}

function kernel(): Finding {
  try {
    new WebAssembly.Module(SIMD);
    return ok('machine', 'WebAssembly SIMD', 'there');
  } catch {
    return bad('machine', 'WebAssembly SIMD', 'missing', 'the fitting kernel cannot run', 'a processor of the last ten years, and Node without --jitless');
  }
}

function sharedMemory(): Finding {
  try {
    if (new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer) return ok('machine', 'shared memory', 'there: fit threads share one matrix');
  } catch {
    // told below
  }
  return bad('machine', 'shared memory', 'SharedArrayBuffer is missing', 'fit threads cannot run', 'run Node without flags that switch it off');
}

function files({ files: n }: Machine): Finding {
  if (n === null) return ok('machine', 'open files', 'limit unknown');
  return n < LEAST_FILES ? warn('machine', 'open files', `at most ${n}`, 'reading many subjects at once may fail with EMFILE', `ulimit -n ${LEAST_FILES}`) : ok('machine', 'open files', `at most ${n}`);
}

/** The SDK's client goes through a proxy that the environment names, to 127.0.0.1 too unless it is excepted. */
function proxies(env: NodeJS.ProcessEnv): Finding {
  const set = ['grpc_proxy', 'https_proxy', 'http_proxy'].filter((name) => (env[name] ?? '') !== '');
  const except = `${env['no_grpc_proxy'] ?? ''},${env['no_proxy'] ?? ''}`;
  if (set.length === 0) return ok('machine', 'proxy', 'none set');
  if (/127\.0\.0\.1|\*/.test(except)) return ok('machine', 'proxy', `${set.join(', ')} set, 127.0.0.1 excepted`);
  return warn('machine', 'proxy', `${set.join(', ')} set, and no_proxy does not except 127.0.0.1`, 'commands may not reach the embedded server', 'export no_proxy=127.0.0.1,localhost');
}

/** cgroup v2: `max 100000` or `200000 100000` (quota and period, microseconds). */
function cpuQuota(): number | null {
  const [quota, period] = (readText('/sys/fs/cgroup/cpu.max') ?? '').trim().split(' ').map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : null;
}

function memAvailable(): number {
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(readText('/proc/meminfo') ?? '')?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}

function openFiles(): number | null {
  const soft = /^Max open files\s+(\S+)/m.exec(readText('/proc/self/limits') ?? '')?.[1];
  return soft === undefined ? null : soft === 'unlimited' ? Infinity : Number(soft);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // not Linux, or not shown to this process
  }
}

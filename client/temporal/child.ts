import { spawn } from 'node:child_process';

export interface ChildResult {
  /** Exit code; null when it was killed or could not be started. */
  code: number | null;
  stdout: string;
  /** The last lines of stderr, newest last. */
  errors: string[];
}

export interface ChildOptions {
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number;
  /** Called with each line of stderr as it comes. */
  onLine?: (line: string) => void;
}

const KEPT_LINES = 20;

/** Runs a program to its end without a shell. Never rejects. */
export function runChild(program: string, args: string[], options: ChildOptions = {}): Promise<ChildResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: options.env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'], timeout: options.timeoutMs });
    let stdout = '';
    let partial = '';
    let errors: string[] = [];
    const take = (line: string): void => {
      if (line.trim() === '') return;
      errors = [...errors, line].slice(-KEPT_LINES);
      options.onLine?.(line);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const lines = (partial + text).split('\n');
      partial = lines.pop() ?? '';
      lines.forEach(take);
    });
    child.on('error', (error) => resolve({ code: null, stdout, errors: [...errors, error.message] }));
    child.on('close', (code) => {
      take(partial);
      resolve({ code, stdout, errors });
    });
  });
}

import { SulcusError } from '../contracts/errors.js';
import { formatProblem, type Problem } from './problem.js';

/** The study file cannot be used. `problems` lists everything found wrong, in the order of the file's lines. */
export class StudyFileError extends SulcusError {
  readonly problems: Problem[];

  constructor(file: string, problems: Problem[], cause?: unknown) {
    const errors = problems.filter((problem) => problem.severity === 'error');
    const first = errors[0];
    super('study-file', errors.map(formatProblem).join('\n'), {
      file: first?.file ?? file,
      line: first?.line ?? null,
      remedy: first?.remedy ?? '`sulcus check` lists every problem with its line',
      cause,
    });
    this.problems = problems;
  }
}

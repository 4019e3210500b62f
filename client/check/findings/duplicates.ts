/** Files with the same values: a subject entered twice, one side copied to the other, a link gone wrong. */
import { createProblem, type Problem } from '../../../config/index.js';
import { fileWarning, groupBy, inputName, type FileRecord } from '../record.js';

const person = (r: FileRecord): string => `${r.cohort}/${r.subject}`;

export function duplicates(records: readonly FileRecord[]): Problem[] {
  const varied = records.filter((r) => r.facts.region.min !== r.facts.region.max);
  const filesOf = new Map([...groupBy(records, person)].map(([name, files]) => [name, files.length]));
  const pairs = new Map<string, { of: FileRecord; first: FileRecord; shared: FileRecord[] }>();
  const problems: Problem[] = [];
  for (const same of groupBy(varied, (r) => r.facts.digest).values()) {
    const first = same[0];
    if (first === undefined) continue;
    for (const other of same.slice(1)) {
      if (person(other) === person(first)) {
        problems.push(fileWarning(other, 'IDENTICAL_INPUTS', `found the same values as in ${inputName(first.metric, first.side)} (${first.name}), expected its own`, 'check how the files were named'));
        continue;
      }
      const key = `${person(first)} ${person(other)}`, pair = pairs.get(key) ?? { of: other, first, shared: [] };
      pair.shared.push(other);
      pairs.set(key, pair);
    }
  }
  for (const { of, first, shared } of pairs.values()) {
    const all = shared.length === filesOf.get(person(of)) && shared.length > 1;
    const what = all ? `all ${shared.length} files hold` : `${shared.map((r) => inputName(r.metric, r.side)).join(', ')} ${shared.length === 1 ? 'holds' : 'hold'}`;
    problems.push(createProblem({
      severity: 'warning', code: 'DUPLICATE_FILES', cohort: of.cohort, subject: of.subject, file: shared[0]?.name ?? null, ...(shared.length === 1 ? { input: inputName(of.metric, of.side) } : {}),
      message: `${what} the same values as those of ${first.cohort}/${first.subject} (${first.name}), expected different people`, remedy: 'find out whose files they are; keep one of the two rows if it is one person',
    }));
  }
  return problems;
}

/** An LCModel table that was read. */
export interface SpectrumFile {
  cohort: string;
  subject: string;
  name: string;
  digest: string;
}

export function duplicateSpectra(files: readonly SpectrumFile[]): Problem[] {
  return [...groupBy(files, (f) => f.digest).values()].flatMap(([first, ...others]) => others.map(({ cohort, subject, name }) => createProblem({
    severity: 'warning', code: 'DUPLICATE_FILES', cohort, subject, input: 'spectrum', file: name,
    message: `spectrum is the same file as that of ${first?.cohort}/${first?.subject} (${first?.name}), expected different people`, remedy: 'find out whose spectrum it is',
  })));
}

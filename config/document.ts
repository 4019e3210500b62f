import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { tooDeepAt } from './nesting.js';
import { createProblem, type Problem } from './problem.js';

export type Path = readonly (string | number)[];

/** A study file read as YAML: its plain value, and the line each part of it stands on. */
export interface StudyDocument {
  value: unknown;
  /** Line (from 1) of the key or item at `path`, or of its nearest ancestor that exists. */
  locate(path: Path): number;
  problems: Problem[];
}

/** Aliases may be used, but not to grow a small file into a large value. */
const MAX_ALIASES = 100;

/** Errors of syntax follow from one another. */
const MAX_ERRORS = 20;

/** Parses without throwing: what is wrong with the YAML itself (syntax, duplicate keys, depth, alias bombs) is in `problems`. */
export function parseStudyDocument(text: string, file: string): StudyDocument {
  const deep = tooDeepAt(text);
  if (deep !== null) {
    return { value: null, locate: () => deep, problems: [createProblem({ code: 'study-yaml', file, line: deep, message: 'not usable YAML: lists and keys are nested too deep', remedy: 'see docs/study-file.md for an example' })] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false, version: '1.2' });
  const locate = (path: Path): number => lineOf(document, lines, path);
  const problems = document.errors.slice(0, MAX_ERRORS).map((error) =>
    createProblem({
      code: error.code === 'DUPLICATE_KEY' ? 'study-key-duplicate' : 'study-yaml',
      file,
      line: lines.linePos(error.pos[0]).line,
      message: error.code === 'DUPLICATE_KEY' ? `the key ${keyAt(text, error.pos[0])} appears twice` : `not valid YAML: ${error.message}`,
      remedy: error.code === 'DUPLICATE_KEY' ? 'keep one of the two' : 'see docs/study-file.md for an example',
    }),
  );
  if (problems.length > 0) return { value: null, locate, problems };
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, locate, problems };
  } catch (error) {
    const message = !(error instanceof Error) ? String(error) : /^Excessive alias/.test(error.message) ? `aliases make more than ${MAX_ALIASES} values of it` : error.message;
    return { value: null, locate, problems: [createProblem({ code: 'study-yaml', file, line: 1, message: `not usable YAML: ${message}`, remedy: 'write values out instead of using aliases' })] };
  }
}

function keyAt(text: string, position: number): string {
  return /^[^\s:]+/.exec(text.slice(position))?.[0] ?? '';
}

function lineOf(document: Document, lines: LineCounter, path: Path): number {
  let node: unknown = document.contents;
  let offset = rangeStart(node) ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) break;
      offset = rangeStart(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (item === undefined) break;
      offset = rangeStart(item) ?? offset;
      node = item;
    } else break;
  }
  return lines.linePos(offset).line || 1;
}

function rangeStart(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[0] ?? null;
}

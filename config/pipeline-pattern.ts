/**
 * Regular expressions in pipelines. They are matched against what programs print, by a worker that has other things to do: so those that can take
 * exponential time (a repeated group in which something is repeated, or which has alternatives), or look back and ahead, are not taken.
 */

const LONGEST = 200;
/** Repetitions without end: each may multiply the time by the length of a line. */
const MOST_REPEATS = 8;

/** What is wrong with a regular expression; null: nothing. `group`: it must catch something. */
export function patternProblem(source: string, group = true): string | null {
  if (source.length > LONGEST) return `has ${source.length} characters, more than ${LONGEST}`;
  if (/\p{Cc}/u.test(source)) return 'holds a control character: write it as \\t or \\n';
  let groups: number;
  try {
    groups = (new RegExp(`${source}|`).exec('')?.length ?? 1) - 1;
  } catch (error) {
    return `is no regular expression: ${error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '').replace(/^\/.*\/[a-z]*: /s, '') : String(error)}`;
  }
  if (group && groups < 1) return 'catches nothing: put what is wanted in ( )';
  return danger(source);
}

interface Level {
  /** Something in it may be there a varying number of times, or as one of several. */
  varies: boolean;
}

/** Reads a regular expression that compiles, once from left to right. */
function danger(source: string): string | null {
  const open: Level[] = [{ varies: false }];
  let repeats = 0;
  /** The group that has just ended, if one has: what a quantifier that follows repeats. */
  let ended: Level | null = null;
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!, level = open.at(-1)!;
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(i))?.[0];
    if (quantifier !== undefined) {
      const [least, most] = timesOf(quantifier);
      if (most > 1 && ended !== null && ended.varies) return `repeats a group in which something varies (at character ${i + 1}), which can take for ever: repeat a single character or class`;
      if (most === Infinity && ++repeats > MOST_REPEATS) return `has more than ${MOST_REPEATS} repetitions`;
      if (least !== most) level.varies = true;
      i += quantifier.length - 1;
      ended = null;
      continue;
    }
    ended = null;
    if (char === '\\') {
      if (/[1-9k]/.test(source[i + 1] ?? '')) return 'refers back to what it has caught, which is not supported';
      i++;
    } else if (char === '[') {
      i = endOfClass(source, i);
    } else if (char === '(') {
      if (/^\(\?<?[=!]/.test(source.slice(i))) return 'looks ahead or back, which is not supported';
      open.push({ varies: false });
      const kind = /^\(\?(?::|<[^>]*>)/.exec(source.slice(i))?.[0];
      if (kind !== undefined) i += kind.length - 1;
    } else if (char === ')') {
      ended = open.pop() ?? null;
      if (ended?.varies === true) (open.at(-1) ?? ended).varies = true;
    } else if (char === '|') {
      level.varies = true;
    }
  }
  return null;
}

function timesOf(quantifier: string): [least: number, most: number] {
  if (quantifier.startsWith('*')) return [0, Infinity];
  if (quantifier.startsWith('+')) return [1, Infinity];
  if (quantifier.startsWith('?')) return [0, 1];
  const [, least = '0', comma, most = ''] = /^\{(\d+)(,?)(\d*)\}/.exec(quantifier) ?? [];
  return [Number(least), comma === '' ? Number(least) : most === '' ? Infinity : Number(most)];
}

/** Position of the `]` that ends the class begun at `start`. */
function endOfClass(source: string, start: number): number {
  let i = start + 1;
  while (i < source.length && source[i] !== ']') i += source[i] === '\\' ? 2 : 1;
  return i;
}

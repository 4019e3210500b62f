/** What stands in braces in the command of a pipeline's step. */

export type Placeholder =
  | { kind: 'input' | 'output' | 'parameter'; name: string }
  /** An output of another step. */
  | { kind: 'step'; step: string; name: string }
  | { kind: 'threads' | 'scratch' };

const BRACES = /\{([^{}]*)\}/g;
/** Names of steps that would mean something else in braces. */
export const RESERVED = ['input', 'output', 'parameter', 'threads', 'scratch'];

/** What `text`, without its braces, stands for; null: nothing. Whether there is such an input, step or parameter is for others to know. */
export function placeholderOf(text: string): Placeholder | null {
  if (text === 'threads' || text === 'scratch') return { kind: text };
  const [, before, name] = /^([A-Za-z0-9_-]+):([A-Za-z0-9_-]+)$/.exec(text) ?? [];
  if (before === undefined || name === undefined || before === 'threads' || before === 'scratch') return null;
  return before === 'input' || before === 'output' || before === 'parameter' ? { kind: before, name } : { kind: 'step', step: before, name };
}

/** The texts in braces, in order, without their braces; and whether braces are left over that hold nothing. */
export function bracesIn(text: string): { inside: string[]; left: boolean } {
  return { inside: [...text.matchAll(BRACES)].map((match) => match[1] ?? ''), left: /[{}]/.test(text.replace(BRACES, '')) };
}

/** Every placeholder of a command that means something. */
export function placeholdersIn(texts: readonly string[]): Placeholder[] {
  return texts.flatMap((text) => bracesIn(text).inside.map(placeholderOf)).filter((found) => found !== null);
}

/** The texts with what stands in braces replaced; each is looked at once, so what is put in may hold braces. */
export function replacePlaceholders(text: string, by: (placeholder: Placeholder, written: string) => string): string {
  return text.replace(BRACES, (written: string, inside: string) => {
    const found = placeholderOf(inside);
    return found === null ? written : by(found, written);
  });
}

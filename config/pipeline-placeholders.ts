/** What stands in braces in a pipeline's step: in its command, its standard input, and what is put where its program looks for it. */

export type Placeholder =
  | { kind: 'input' | 'output' | 'parameter'; name: string }
  /** An output of another step. */
  | { kind: 'step'; step: string; name: string }
  | { kind: 'threads' | 'scratch' | 'folder' };

const BRACES = /\{([^{}]*)\}/g;
/** Names of steps that would mean something else in braces. */
export const RESERVED = ['input', 'output', 'parameter', 'threads', 'scratch'];

/** What `text`, without its braces, stands for; null: nothing. Whether there is such an input, step or parameter is for others to know. */
export function placeholderOf(text: string): Placeholder | null {
  if (text === 'threads' || text === 'scratch' || text === 'folder') return { kind: text };
  const [, before, name] = /^([A-Za-z0-9_-]+):([A-Za-z0-9_-]+)$/.exec(text) ?? [];
  if (before === undefined || name === undefined || before === 'threads' || before === 'scratch') return null;
  return before === 'input' || before === 'output' || before === 'parameter' ? { kind: before, name } : { kind: 'step', step: before, name };
}

/** The texts in braces, in order, without their braces; and whether braces are left over that hold nothing. */
export function bracesIn(text: string): { inside: string[]; left: boolean } {
  return { inside: [...text.matchAll(BRACES)].map((match) => match[1] ?? ''), left: /[{}]/.test(text.replace(BRACES, '')) };
}

/** What of a step holds placeholders that say what its program reads: what it runs, what it gets on standard input, and what is put where it looks. */
export interface Texts {
  command: readonly string[];
  stdin?: string;
  place?: Readonly<Record<string, string>>;
}

/** Every placeholder of a step that decides what it reads. */
export const placeholdersOf = ({ command, stdin, place }: Texts): Placeholder[] => placeholdersIn([...command, ...(stdin === undefined ? [] : [stdin]), ...Object.values(place ?? {})]);

/** Every placeholder of texts that means something. */
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

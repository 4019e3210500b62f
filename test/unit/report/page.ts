/** Reading a report back: sections, text, numbers, and whether its tags are balanced. */

export function section(page: string, id: string): string {
  const start = page.indexOf(`<section id="${id}">`);
  if (start < 0) throw new Error(`no section ${id}`);
  let depth = 0;
  for (const match of page.slice(start).matchAll(/<(\/?)section\b/g)) {
    depth += match[1] === '/' ? -1 : 1;
    if (depth === 0) return page.slice(start, start + match.index);
  }
  throw new Error(`section ${id} is not closed`);
}

/** The page without its style and script, but with the data of its figures. */
export const content = (page: string): string => page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '');

/** What a person reads: no tags, entities resolved, white space collapsed. */
export function text(html: string): string {
  const plain = html.replace(/<(style|script)\b[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]*>/g, '');
  return plain.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&').replace(/\s+/g, ' ');
}

/** Exact value and shown text of every number marked as data. */
export function numbers(html: string): { value: number; shown: string }[] {
  return [...html.matchAll(/<data value="([^"]*)">([^<]*)<\/data>/g)].map((match) => ({ value: Number(match[1]), shown: text(match[2] ?? '') }));
}

const VOID = new Set(['meta', 'link', 'br', 'wbr', 'img', 'input', 'hr']);

/** Tags that do not match their partner; empty when the page is well formed. */
export function unbalanced(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, close, name = '', selfClosed] of page.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)\b(?:[^>"]|"[^"]*")*?(\/?)>/g)) {
    const tag = name.toLowerCase();
    if (VOID.has(tag) || selfClosed === '/') continue;
    if (close !== '/') open.push(tag);
    else if (open.pop() !== tag) wrong.push(`</${tag}>`);
  }
  return [...wrong, ...open];
}

/** Every finite number anywhere in a JSON value. */
export function everyNumber(value: unknown, found = new Set<number>()): Set<number> {
  if (typeof value === 'number') found.add(value);
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) everyNumber(part, found);
  return found;
}

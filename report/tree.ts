/** HTML of this folder as a tree. It is written by the `html` tag, with every element closed and every attribute quoted: that is all this reads. */

export interface Element {
  tag: string;
  /** As written: ` class="n" hidden`. */
  attributes: string;
  children: Node[];
}

/** An element, or text. */
export type Node = Element | string;

const VOID = new Set(['meta', 'link', 'br', 'wbr', 'img', 'input', 'hr']);
const PART = /<(\/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>|<![^>]*>|([^<]+)/gi;
const CHARACTERS: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

const plain = (text: string): string => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => CHARACTERS[name] ?? '');

/** An element without a name that holds everything. Throws on a tag that does not match its partner. */
export function parse(html: string): Element {
  const root: Element = { tag: '', attributes: '', children: [] }, open = [root];
  for (const [, close, name, attributes = '', text] of html.matchAll(PART)) {
    const parent = open[open.length - 1] as Element, tag = name?.toLowerCase();
    if (text !== undefined) parent.children.push(plain(text));
    else if (tag === undefined) continue;
    else if (close === '/') { if (open.pop()?.tag !== tag) throw new Error(`</${tag}> closes another element`); }
    else {
      const element: Element = { tag, attributes, children: [] };
      parent.children.push(element);
      if (!VOID.has(tag) && !attributes.endsWith('/')) open.push(element);
    }
  }
  return root;
}

export const isElement = (node: Node): node is Element => typeof node !== 'string';

export const childrenOf = ({ children }: Element): Element[] => children.filter(isElement);

/** Elements of a name below another, in the order of the text. */
export function findAll(from: Element, tag: string): Element[] {
  return childrenOf(from).flatMap((child) => [...(child.tag === tag ? [child] : []), ...findAll(child, tag)]);
}

export function find(from: Element, tag: string): Element | null {
  for (const child of childrenOf(from)) {
    const found = child.tag === tag ? child : find(child, tag);
    if (found !== null) return found;
  }
  return null;
}

export function attribute({ attributes }: Element, name: string): string | null {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
  return value === undefined ? null : plain(value);
}

/**
 * HTML that cannot be forgotten to be escaped: the `html` tag escapes every value except another `Html`.
 * Attributes must be quoted in the template; both quotes are escaped.
 */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type Child = Html | string | number | null | undefined | false | readonly Child[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Control characters and direction overrides have no business in a name: they can hide what it says. */
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g;

/** Text with a sign in place of every character that would not be seen. */
export const visible = (text: string): string => text.replace(INVISIBLE, '\ufffd');

/** Text as it may stand between tags or in a quoted attribute. */
function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Text that is already HTML. Only for constants of this folder, never for anything that came from data. */
export function raw(text: string): Html {
  return new Html(text);
}

function render(child: Child): string {
  if (child === null || child === undefined || child === false) return '';
  if (child instanceof Html) return child.text;
  if (typeof child === 'string') return escapeHtml(child);
  if (typeof child === 'number') return String(child);
  return child.map(render).join('');
}

/** Tag of every template in this folder. null, undefined and false print nothing; arrays are joined. */
export function html(strings: TemplateStringsArray, ...children: Child[]): Html {
  let text = strings[0] ?? '';
  children.forEach((child, index) => {
    text += render(child) + (strings[index + 1] ?? '');
  });
  return new Html(text);
}

/** Children with a separator between them. */
export function join(children: readonly Child[], separator: string): Html {
  return new Html(children.map(render).join(escapeHtml(separator)));
}

/** An HTML id made of words from data: letters and digits as they are, anything else by its code, so that different words stay different. */
export function slug(...parts: (string | number)[]): string {
  return parts.map((part) => String(part).replace(/[^A-Za-z0-9]/gu, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}_`)).join('-');
}

/** What programs print, without whom it is about: history and logs keep failure messages, and paths and file names hold identifiers. */
import { basename } from 'node:path';

/** In quotes as most programs write them; else anything with a slash and a letter or digit in it. */
const QUOTED = /(['"`])[^'"`\n]*\/[^'"`\n]*\1/g;
const BARE = /[^\s'"`(),;<>]*\/[^\s'"`(),;<>]*[\p{L}\p{N}][^\s'"`(),;<>]*/gu;
/** Shorter identifiers are taken out where they stand alone; longer ones wherever they are. */
const LONG = 5;

export class Words {
  private readonly names: { text: string; means: string }[];
  private readonly alone: RegExp | null;
  private readonly anywhere: RegExp | null;

  /**
   * @param files paths by what they are to the step: shown as `<input:dwi>`
   * @param ids everybody in the cohort: a program may list a folder
   */
  constructor(files: Readonly<Record<string, string>>, ids: readonly string[]) {
    // A plain word such as `dwi` is left alone: it may be the name of a program.
    const named = Object.entries(files).flatMap(([name, path]) => [path, basename(path)].filter((text) => /[./]/.test(text)).map((text) => ({ text, means: `<${name}>` })));
    this.names = named.sort((a, b) => b.text.length - a.text.length);
    const all = [...new Set(ids.flatMap((id) => [id, id.replace(/^sub-/, '')]))].filter((id) => id !== '').sort((a, b) => b.length - a.length);
    this.alone = anyOf(all.filter((id) => id.length < LONG), '(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])');
    this.anywhere = anyOf(all.filter((id) => id.length >= LONG), '', '');
  }

  /** The text with files, paths and identifiers replaced. */
  without(text: string): string {
    let out = text;
    for (const { text: name, means } of this.names) out = out.replaceAll(name, means);
    out = out.replace(QUOTED, '<path>').replace(BARE, '<path>');
    for (const ids of [this.anywhere, this.alone]) if (ids !== null) out = out.replace(ids, '<participant>');
    return out;
  }
}

function anyOf(texts: readonly string[], before: string, after: string): RegExp | null {
  return texts.length === 0 ? null : new RegExp(`${before}(?:${texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')})${after}`, 'giu');
}

/** The end of what was printed: the last lines that fit. Progress that overwrites itself counts as lines. */
export function lastLines(text: string, most: number): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== '');
  let out = '';
  for (const line of lines.reverse()) {
    const next = out === '' ? line : `${line}\n${out}`;
    if (next.length > most) return out === '' ? `…${line.slice(-most)}` : out;
    out = next;
  }
  return out;
}

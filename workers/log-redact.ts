/**
 * Keeps participants out of logs. Failure messages quote file names, and file names hold identifiers; so paths are left out, and every identifier that
 * a worker has come across is replaced by a pseudonym, which is the same in all logs of a state folder and in no other.
 */
import { logPseudonym } from '../security/index.js';

/** Letters and digits that stand together: what identifiers are made of, and what bounds them. */
const RUN = /[\p{L}\p{N}]+/gu;
/** In quotes as Node's errors write them; else anything with a slash and a letter or digit in it. */
const QUOTED_PATH = /'[^'\n]*[/\\][^'\n]*'/g;
const BARE_PATH = /[^\s'"(),;:<>]*\/[^\s'"(),;:<>]*[\p{L}\p{N}][^\s'"(),;:<>]*/gu;

export class Redactor {
  private readonly known = new Map<string, string>();
  /** Identifiers without a letter or digit. */
  private readonly odd = new Set<string>();
  private longest = 0;

  /** `key` makes the pseudonyms. Paths under `ownFolders` (the state folder, the program) name nobody and stay, shortened to their label. */
  constructor(private readonly key: Uint8Array, private readonly ownFolders: { folder: string; label: string }[] = []) {}

  /** Identifiers to be replaced from now on. */
  learn(ids: Iterable<string>): void {
    for (const id of ids) {
      const runs = [...id.matchAll(RUN)];
      const first = runs[0], last = runs.at(-1);
      if (first === undefined || last === undefined) {
        if (id.length > 1) this.odd.add(id);
        continue;
      }
      this.known.set(id.slice(first.index, last.index + last[0].length).toLowerCase(), id);
      this.longest = Math.max(this.longest, runs.length);
    }
  }

  pseudonym(id: string): string {
    return logPseudonym(this.key, id);
  }

  redact(text: string): string {
    let out = text;
    for (const { folder, label } of this.ownFolders) out = out.replaceAll(folder, label);
    const own = (path: string): boolean => this.ownFolders.some(({ label }) => path.replace(/^'/, '').startsWith(label));
    out = out.replace(QUOTED_PATH, (path) => (own(path) ? path : "'<path>'"));
    out = out.replace(BARE_PATH, (path, at: number, whole: string) => (whole[at - 1] === '>' || own(path) ? path : '<path>'));
    for (const id of this.odd) out = out.replaceAll(id, this.pseudonym(id));
    return this.replaceKnown(out);
  }

  /** Looks up one run after the other, the longest identifiers first: the time does not depend on how many are known. */
  private replaceKnown(text: string): string {
    if (this.known.size === 0) return text;
    const runs = [...text.matchAll(RUN)];
    let out = '', copied = 0;
    for (let i = 0; i < runs.length; ) {
      const start = (runs[i] as RegExpExecArray).index;
      let taken = 0;
      for (let n = Math.min(this.longest, runs.length - i); n > 0 && taken === 0; n--) {
        const last = runs[i + n - 1] as RegExpExecArray, end = last.index + last[0].length;
        const id = this.known.get(text.slice(start, end).toLowerCase());
        if (id === undefined) continue;
        out += text.slice(copied, start) + this.pseudonym(id);
        copied = end;
        taken = n;
      }
      i += Math.max(1, taken);
    }
    return out + text.slice(copied);
  }
}

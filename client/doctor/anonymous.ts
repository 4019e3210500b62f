/** Takes out of a text who and where this is, so that it can be pasted into a bug report. */

export interface Here {
  home: string;
  user: string;
  hostnames: string[];
  /** Folders whose names are nobody else's business (the study's, the state's), and how they are called instead. */
  folders: { folder: string; label: string }[];
}

/** Folders of the system itself: the same everywhere. */
const SYSTEM = /^\/(usr|bin|sbin|lib|lib64|opt|proc|sys|dev|etc)(\/|$)/;
const PATH = /(?<![\w.~<>$/])\/[^\s'"`,;:()]+/g;
const ADDRESS = /(?<![\w.-])(?!127\.0\.0\.1\b)(?:\d{1,3}\.){3}\d{1,3}(?![\w.-])/g;
/** The user of a container or of a system's service says nothing. */
const NOBODY = new Set(['', 'root', 'node', 'nobody']);

export function anonymous(text: string, here: Here): string {
  let out = text;
  const folders = [...here.folders, { folder: here.home, label: '~' }].filter(({ folder }) => folder.length > 1).sort((a, b) => b.folder.length - a.folder.length);
  for (const { folder, label } of folders) out = out.replaceAll(folder, label);
  out = out.replace(PATH, (path) => (SYSTEM.test(path) ? path : '<path>')).replace(ADDRESS, '<address>');
  for (const host of [...here.hostnames].sort((a, b) => b.length - a.length)) if (host.length > 1 && host !== 'localhost') out = replaceWord(out, host, '<host>');
  return NOBODY.has(here.user) ? out : replaceWord(out, here.user, '<user>');
}

function replaceWord(text: string, word: string, by: string): string {
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'giu'), by);
}

/** When files changed last, without opening them. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Seen {
  /** Latest change of content or of place (a file moved here keeps its old date of content), ms since 1970. */
  newest: number;
  /** Sizes and times of all of them: differs when one has changed between two looks. */
  print: string;
}

/** A file that is not there is passed over. */
export async function see(paths: Iterable<string>): Promise<Seen> {
  const stats = await Promise.all([...new Set(paths)].map((path) => statOrNull(path)));
  return {
    newest: stats.reduce((latest, s) => (s === null ? latest : Math.max(latest, Number(s.mtimeMs), Number(s.ctimeMs))), -Infinity),
    print: stats.map((s) => (s === null ? '-' : `${s.size} ${s.mtimeNs} ${s.ino}`)).join('\n'),
  };
}

/** Changed within the settle time, or so little ahead of this machine's clock that another machine's may be the reason. A date far in the future says nothing. */
export function isRecent({ newest }: Pick<Seen, 'newest'>, now: number, settleMs: number): boolean {
  return Math.abs(now - newest) < settleMs;
}

/** The folder that a file would be in, or the nearest one above it that exists: its date tells when something was put there or taken away. */
export async function nearestFolder(path: string): Promise<string> {
  const folder = dirname(path);
  return folder === path || (await statOrNull(folder)) !== null ? folder : nearestFolder(folder);
}

async function statOrNull(path: string): Promise<Awaited<ReturnType<typeof bigStat>> | null> {
  try {
    return await bigStat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return null;
    throw error;
  }
}

const bigStat = (path: string) => stat(path, { bigint: true });

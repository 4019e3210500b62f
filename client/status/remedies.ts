/** What to do about failures whose message does not say it: system errors, lost workers, the unexpected. */

const BY_CODE: Record<string, string> = {
  ENOSPC: 'free space on the disk of the state folder and of the results',
  EDQUOT: 'free space: the quota of this user is used up',
  EACCES: 'let the user whom workers run as read the data, and write the state folder and the results',
  EPERM: 'let the user whom workers run as read the data, and write the state folder and the results',
  EROFS: 'the disk is mounted for reading only: mount it for writing, or choose another state folder or --out',
  EIO: 'the disk or the network file system reports an error: look at the system log',
  ESTALE: 'the network file system was lost meanwhile: see that it is mounted',
  EMFILE: 'raise the limit of open files (ulimit -n) for workers',
  ENOMEM: 'give the worker more memory, or fewer --threads',
  TIMEOUT: 'see that a worker lives; if one is killed again and again, it may lack memory',
  SUBJECTS_EXCLUDED: '`sulcus check STUDY.yaml` lists every participant, file and remedy; or set missing: exclude',
  FIT_STALLED: 'the machine is overloaded, or the fit hangs: fewer --threads may help',
};

/** Null: the message says it all. `id`: the study, whose log is named for what nobody foresaw. */
export function remedyFor({ code, remedy }: { code: string; remedy: string | null }, id: string): string | null {
  const unforeseen = code === 'UNEXPECTED' || code === 'FAILED' || /^E[A-Z0-9]+$/.test(code);
  return remedy ?? BY_CODE[code] ?? (unforeseen ? `\`sulcus logs ${id} --level warn\` has every attempt` : null);
}

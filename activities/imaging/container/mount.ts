/** Both engines read `--mount` as a line of comma-separated values (RFC 4180), so that any path can be said. */
import type { Mount } from './index.js';

export function mountArguments(mounts: readonly Mount[]): string[] {
  return mounts.flatMap(({ source, target, readonly }) => ['--mount', ['type=bind', field(`source=${source}`), field(`target=${target}`), ...(readonly ? ['readonly'] : [])].join(',')]);
}

const field = (text: string): string => (/[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether a folder may be replaced: it does not exist, is empty, or holds a sulcus result. */
export async function replaceable(out: string): Promise<boolean> {
  try {
    const names = await readdir(out);
    if (names.length === 0) return true;
    const text = await readFile(join(out, 'results.json'), 'utf8');
    return text.slice(0, 200).includes('sulcus/results/');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT') throw error;
    return await readdir(out).then(() => false, () => true);
  }
}

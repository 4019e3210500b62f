/** Whether something made from files is still theirs: a hash of the files, kept beside what was made. Plain Node. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, relative } from 'node:path';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

function* filesOf(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (name !== 'node_modules' && !name.startsWith('.')) yield* filesOf(join(path, name));
  }
}

/** A hash of names and contents of the files under `paths` (relative to the project) that `wanted` lets through. */
export function hashOf(paths, wanted = () => true) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesOf(join(root, path))) {
      const name = relative(root, file);
      if (!wanted(name)) continue;
      const content = readFileSync(file);
      hash.update(`${name}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

/** True when `file` holds `hash`. */
export function isStamped(file, hash) {
  return existsSync(file) && readFileSync(file, 'utf8').trim() === hash;
}

/** Writes the stamp, whole or not at all. */
export function stamp(file, hash) {
  writeFileSync(`${file}.new`, `${hash}\n`);
  renameSync(`${file}.new`, file);
}

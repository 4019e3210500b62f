/** Licences of everything that is installed to run sulcus, as the lock file has them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** None of these asks more than that its text and its authors' names are kept. CC-BY-4.0: a table of browsers (`caniuse-lite`), data and no code. */
const PERMISSIVE = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Unlicense', 'BlueOak-1.0.0', 'BSL-1.0', 'Zlib', 'CC0-1.0', 'CC-BY-4.0', 'Python-2.0']);

/** Packages of production, `name@version`, by licence. A licence that the lock file lacks is taken from the installed package; `none`: nobody says. */
export function licences(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '' || entry.dev === true || entry.devOptional === true || entry.link === true) continue;
    const licence = entry.license ?? declared(join(root, path)) ?? 'none';
    const name = `${entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${entry.version}`;
    found.set(licence, [...new Set([...(found.get(licence) ?? []), name])].sort());
  }
  return new Map([...found].sort(([, a], [, b]) => b.length - a.length));
}

/** Whether a licence, or every part of an expression with AND, or one of an expression with OR, is permissive. */
export function isPermissive(licence) {
  const words = licence.replace(/[()]/g, '');
  return words.split(' OR ').some((choice) => choice.split(' AND ').every((part) => PERMISSIVE.has(part.trim())));
}

function declared(folder) {
  const file = join(folder, 'package.json'), text = join(folder, 'LICENSE');
  const { license, licenses } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const said = typeof license === 'string' ? license : license?.type ?? licenses?.[0]?.type;
  if (said !== undefined) return said;
  return existsSync(text) && readFileSync(text, 'utf8').startsWith('This is free and unencumbered software released into the public domain.') ? 'Unlicense' : null;
}

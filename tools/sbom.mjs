/** `npm run sbom`: sbom.cdx.json (CycloneDX) of what runs in production, and its licences on stdout. Exit 1 when one of them is not permissive. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPermissive, licences } from './licences.mjs';
import { root } from './stamp.mjs';

const npm = process.env.npm_execpath;
// Not `--omit dev`: that leaves out what both production and a tool need, such as `yaml`.
const call = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
const { status, stdout, stderr, error } = npm === undefined ? spawnSync('npm', call, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 }) : spawnSync(process.execPath, [npm, ...call], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
if (status !== 0) {
  process.stderr.write(`npm sbom failed: ${error?.message ?? stderr.trim()}. It needs npm 10 or newer.\n`);
  process.exit(1);
}
const found = licences(root), used = new Set([...found.values()].flat());
const whole = JSON.parse(stdout), components = whole.components.filter((c) => used.has(c['bom-ref']));
const kept = new Set([whole.metadata.component['bom-ref'], ...components.map((c) => c['bom-ref'])]);
const dependencies = whole.dependencies.filter((d) => kept.has(d.ref)).map((d) => ({ ...d, dependsOn: d.dependsOn.filter((ref) => kept.has(ref)) }));
const names = new Set(components.map((c) => c['bom-ref'])), lost = [...used].filter((name) => !names.has(name));
if (lost.length > 0) {
  process.stderr.write(`npm sbom does not know ${lost.join(' ')}\n`);
  process.exit(1);
}
writeFileSync(join(root, 'sbom.cdx.json'), `${JSON.stringify({ ...whole, components, dependencies }, null, 2)}\n`);
let refused = 0;
for (const [licence, packages] of found) {
  const fine = isPermissive(licence);
  if (!fine) refused += packages.length;
  process.stdout.write(`${licence}${fine ? '' : '  (not permissive)'}: ${packages.length}\n  ${packages.join(' ')}\n`);
}
process.stderr.write(`sbom.cdx.json: ${components.length} packages\n`);
process.exitCode = refused > 0 ? 1 : 0;

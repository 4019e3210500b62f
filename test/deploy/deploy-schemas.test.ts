/**
 * deploy/ by the schemas of the tools that read it: compose by docker-compose, Kubernetes by the schemas of its versions (kubernetes-validate from PyPI, which
 * carries them), Prometheus by promtool, shell by sh. `npm run test:deploy`; what is not installed is said and left out.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { manifests, ROOT } from '../unit/deploy/files.js';

const asked = process.env['SULCUS_DEPLOY'] === '1';
const onPath = (name: string): boolean => (process.env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)));
const VALIDATOR = (JSON.parse(readFileSync(join(ROOT, 'tools', 'deploy-python.json'), 'utf8')) as Record<string, string>)['kubernetes-validate'] as string;
/** Oldest and newest that are checked. KEDA's own kind is not among Kubernetes' schemas. */
const KUBERNETES = ['1.29', '1.37'], FOREIGN = new Set(['ScaledObject']);

/** A virtual environment in the user's cache; null where it cannot be made. */
function validator(): string | null {
  if (!onPath('python3')) return null;
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), folder = join(base, 'sulcus', `kubernetes-validate-${VALIDATOR}`), program = join(folder, 'bin', 'kubernetes-validate');
  if (existsSync(program)) return program;
  mkdirSync(join(base, 'sulcus'), { recursive: true });
  for (const [command, args] of [['python3', ['-m', 'venv', folder]], [join(folder, 'bin', 'pip'), ['install', '-q', `kubernetes-validate==${VALIDATOR}`]]] as [string, string[]][]) {
    if (spawnSync(command, args, { stdio: 'ignore' }).status !== 0) { rmSync(folder, { recursive: true, force: true }); return null; }
  }
  return program;
}

describe.skipIf(!asked)('deploy/ by the schemas of those who read it', () => {
  let folder = '';
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'sulcus-deploy-')); });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('docker-compose.yml', ({ skip }) => {
    if (!onPath('docker-compose')) skip('docker-compose is not installed (Debian: apt-get install docker-compose)');
    execFileSync('sh', ['deploy/compose/secrets.sh', join(folder, 'secrets')], { cwd: ROOT });
    const text = execFileSync('docker-compose', ['-f', 'docker-compose.yml', 'config'], { cwd: ROOT, encoding: 'utf8', env: { ...process.env, SULCUS_SECRETS: join(folder, 'secrets') } });
    expect(text).toMatch(/^ {2}compute:$/m);
    const broken = join(folder, 'broken.yml');
    writeFileSync(broken, 'services:\n  one:\n    image: x\n    prots: ["1:1"]\n');
    expect(spawnSync('docker-compose', ['-f', broken, 'config', '-q']).status).not.toBe(0);
  });

  it('secrets that only those may read who must, made once', () => {
    const secrets = join(folder, 'made');
    const make = (): void => { execFileSync('sh', ['deploy/compose/secrets.sh', secrets], { cwd: ROOT }); };
    make();
    const before = readFileSync(join(secrets, 'payload_keys'), 'utf8');
    make();
    expect(readFileSync(join(secrets, 'payload_keys'), 'utf8')).toBe(before);
    expect(before.trim()).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect([statSync(secrets).mode & 0o777, statSync(join(secrets, 'payload_keys')).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it.each(KUBERNETES)('Kubernetes %s', { timeout: 300_000 }, (version) => {
    const program = validator();
    if (program === null) { process.stderr.write('left out: python3 with venv and PyPI are needed for kubernetes-validate\n'); return; }
    const files = ['base', 'overlays/lab'].flatMap((part) => manifests(`deploy/kubernetes/${part}`)).filter(({ document }) => !FOREIGN.has(document['kind'] as string)).map(({ document }, i) => {
      const file = join(folder, `${i}-${document['kind']}.yaml`);
      writeFileSync(file, stringify(document));
      return file;
    });
    expect(files.length).toBeGreaterThan(8);
    const result = spawnSync(program, ['--strict', '-k', version, ...files], { encoding: 'utf8' });
    expect([result.status, result.stdout + result.stderr]).toEqual([0, expect.not.stringContaining('ERROR')]);
    const broken = join(folder, 'broken.yaml');
    writeFileSync(broken, readFileSync(files[0] as string, 'utf8').replace('metadata:', 'metadatum:'));
    expect(spawnSync(program, ['--strict', '-k', version, broken]).status).not.toBe(0);
  });

  it('Prometheus: configurations and rules', ({ skip }) => {
    if (!onPath('promtool')) skip('promtool is not installed (Debian: apt-get install prometheus)');
    for (const file of ['prometheus.yml', 'compose.yml']) execFileSync('promtool', ['check', 'config', join('deploy/prometheus', file)], { cwd: ROOT, stdio: 'pipe' });
    execFileSync('promtool', ['test', 'rules', 'deploy/prometheus/alerts.test.yml'], { cwd: ROOT, stdio: 'pipe' });
  });

  it('scripts, by the shell', () => {
    for (const script of ['secrets', 'schema', 'namespace']) execFileSync('sh', ['-n', `deploy/compose/${script}.sh`], { cwd: ROOT });
  });
});

/** docker-compose.yml against what it names: files, ports, secrets, commands, queues, versions. */
import { describe, expect, it } from 'vitest';
import { has, read, VERSION, yaml, type Document } from './files.js';

const compose = yaml('docker-compose.yml');
const services = compose['services'] as Record<string, Document>;
const each = Object.entries(services);
const pinned = JSON.parse(read('tools/rehearse/versions.json')) as { temporalServer: { version: string }; postgresql: { major: number }; gateway: { version: string } };

describe('docker-compose.yml', () => {
  it('has every part of the topology', () => {
    expect(Object.keys(services).sort()).toEqual(['bucket', 'cli', 'codec', 'compute', 'control', 'gateway', 'grafana', 'namespace', 'postgresql', 'prometheus', 'schema', 'temporal', 'tools', 'ui'].sort());
  });

  it('pins every image by an exact version: our own by package.json, the rehearsed ones by what was rehearsed', () => {
    for (const [, { image }] of each) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?[\w.-]*$/);
    expect(services['control']?.['image']).toBe(`sulcus:${VERSION}`);
    expect(services['tools']?.['image']).toBe(`sulcus-tools:${VERSION}`);
    expect(services['temporal']?.['image']).toBe(`temporalio/server:${pinned.temporalServer.version}`);
    expect(services['schema']?.['image']).toContain(`:${pinned.temporalServer.version}-`);
    expect(services['postgresql']?.['image']).toContain(`:${pinned.postgresql.major}.`);
    expect(services['gateway']?.['image']).toBe(`versity/versitygw:v${pinned.gateway.version}`);
  });

  it('publishes on the loopback interface only', () => {
    const ports = each.flatMap(([, service]) => (service['ports'] ?? []) as string[]);
    expect(ports.length).toBeGreaterThanOrEqual(5);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(new Set(ports.map((port) => port.split(':')[1])).size).toBe(ports.length);
  });

  it('runs nobody as root, with no capabilities and no way to get any', () => {
    for (const [name, service] of each) {
      if (![`sulcus:${VERSION}`, `sulcus-tools:${VERSION}`].includes(service['image'] as string)) expect([name, service['user']]).toEqual([name, expect.stringMatching(/^(?!0|root)/)]);
      expect([name, service['cap_drop'], service['security_opt']]).toEqual([name, ['ALL'], ['no-new-privileges:true']]);
    }
    expect(read('Dockerfile')).toMatch(/^USER 1000:1000$/m);
  });

  it('mounts only files that are there, named volumes and the studies', () => {
    const volumes = Object.keys(compose['volumes'] as object);
    for (const [, service] of each) for (const mount of (service['volumes'] ?? []) as string[]) {
      const [source = ''] = mount.replace(/\$\{SULCUS_STUDIES:-[^}]*\}/, 'STUDIES').split(':');
      if (source.startsWith('./')) expect([source, has(source)]).toEqual([source, true]);
      else expect([...volumes, 'STUDIES']).toContain(source);
    }
  });

  it('uses secrets that are declared, which secrets.sh makes, and none in the environment', () => {
    const made = [...read('deploy/compose/secrets.sh').matchAll(/(?:^secret |"\$folder\/)([a-z0-9_]+)/gm)].map(([, name]) => name);
    const used = each.flatMap(([, service]) => (service['secrets'] ?? []) as string[]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(compose['secrets'] as object).sort());
    for (const name of used) expect(made).toContain(name);
    for (const [, service] of each) for (const [name, value] of Object.entries((service['environment'] ?? {}) as Record<string, string>)) {
      if (/PASSWORD|SECRET|TOKEN|_KEY|_PWD|CREDENTIALS_FILE/.test(name)) expect([name, value]).toEqual([name, expect.stringContaining('/run/secrets/')]);
    }
    expect(read('.dockerignore')).toMatch(/^secrets$/m);
    expect(read('.gitignore')).toMatch(/^\/secrets\/$/m);
  });

  it('waits for what it needs, and everything that lasts has a health check', () => {
    for (const [name, service] of each) {
      for (const [needed, { condition }] of Object.entries((service['depends_on'] ?? {}) as Record<string, { condition: string }>)) {
        const lasts = services[needed]?.['restart'] === 'unless-stopped';
        expect([name, needed, condition]).toEqual([name, needed, lasts ? 'service_healthy' : 'service_completed_successfully']);
        if (lasts) expect([needed, services[needed]?.['healthcheck'] !== undefined]).toEqual([needed, true]);
      }
    }
    // Workers have the image's own, which asks the port that they serve health at.
    expect(read('Dockerfile')).toContain('CMD ["node", "deploy/healthcheck.mjs"]');
    for (const role of ['control', 'compute', 'tools']) expect(services[role]?.['environment']).toMatchObject({ SULCUS_HEALTH_PORT: '9090', SULCUS_METRICS_PORT: '9464' });
  });

  it('has a worker for programs of pipelines, only when asked for, whose image is ours with programs', () => {
    const tools = services['tools'] as Document, recipe = read('deploy/tools/Dockerfile');
    expect([tools['profiles'], (tools['command'] as string[]).slice(0, 3), tools['build']]).toEqual([['tools'], ['worker', '--role', 'tools'], { context: 'deploy/tools' }]);
    expect(recipe).toMatch(new RegExp(`^ARG SULCUS=sulcus:${VERSION.replaceAll('.', '\\.')}$`, 'm'));
    expect(recipe.trim().split('\n').at(-1)).toBe('USER 1000:1000');
    expect((tools['volumes'] as string[]).some((mount) => mount.endsWith(':/studies'))).toBe(true);
  });

  it('gives workers longer to leave than they take', () => {
    for (const role of ['control', 'compute', 'tools']) expect(parseInt(services[role]?.['stop_grace_period'] as string, 10)).toBeGreaterThan(20);
  });

  it('has the UI, the codec server and the workers agree on addresses', () => {
    const ui = services['ui'] as Document, codec = services['codec'] as Document, control = services['control'] as Document;
    const origin = `http://127.0.0.1:${(ui['ports'] as string[])[0]?.split(':')[1]}`;
    expect(ui['environment']).toMatchObject({ TEMPORAL_CORS_ORIGINS: origin, TEMPORAL_CODEC_ENDPOINT: `http://127.0.0.1:${(codec['ports'] as string[])[0]?.split(':')[1]}` });
    expect((codec['entrypoint'] as string[]).join(' ')).toContain(`--origin ${origin}`);
    expect(control['environment']).toMatchObject({ SULCUS_UI_URL: origin });
    const store = new URL((control['environment'] as Record<string, string>)['SULCUS_STORE'] ?? '');
    expect(store.searchParams.get('endpoint')).toBe('http://gateway:7070');
    expect((services['bucket']?.['entrypoint'] as string[]).join(' ')).toContain(`'/state/${store.host}'`);
    expect((services['gateway']?.['entrypoint'] as string[]).join(' ')).toContain('--port :7070');
  });

  it('has Prometheus find the workers where they serve, with the alert rules, and Grafana the dashboard', () => {
    const prometheus = yaml('deploy/prometheus/compose.yml') as { rule_files: string[]; scrape_configs: Document[] };
    expect(prometheus.rule_files.every((file) => has(`deploy/prometheus/${file}`))).toBe(true);
    const [found] = prometheus.scrape_configs[0]?.['dns_sd_configs'] as Document[];
    expect(found).toMatchObject({ names: ['control', 'compute', 'tools'], port: 9464 });
    const [temporal] = prometheus.scrape_configs[1]?.['static_configs'] as Document[];
    expect(temporal?.['targets']).toEqual(['temporal:8000']);
    expect((services['temporal'] as Document)['environment']).toMatchObject({ PROMETHEUS_ENDPOINT: '0.0.0.0:8000' });
    const [source] = yaml('deploy/grafana/provisioning/datasources/prometheus.yml')['datasources'] as Document[];
    expect(source?.['url']).toBe('http://prometheus:9090');
    const [provider] = yaml('deploy/grafana/provisioning/dashboards/sulcus.yml')['providers'] as Document[];
    expect((services['grafana']?.['volumes'] as string[]).some((v) => v.includes(`:${(provider?.['options'] as Document)['path']}/`))).toBe(true);
  });
});

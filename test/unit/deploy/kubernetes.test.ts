/** deploy/kubernetes against what it names: queues, ports, probes, secrets, commands, volumes, patches. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMPUTE_QUEUE } from '../../../contracts/queues.js';
import { has, manifests, read, VERSION, yaml, type Document } from './files.js';

const BASE = 'deploy/kubernetes/base', LAB = 'deploy/kubernetes/overlays/lab';
const all = manifests(BASE);
const ofKind = (kind: string): Document[] => all.filter(({ document }) => document['kind'] === kind).map(({ document }) => document);
const deployments = ofKind('Deployment');
const pod = (name: string): Document => deployments.find((d) => d['metadata'].name === name)?.['spec'].template.spec as Document;
const container = (name: string): Document => pod(name)['containers'][0] as Document;
const settings = (folder: string): Record<string, string> => Object.fromEntries((yaml(`${folder}/kustomization.yaml`)['configMapGenerator'][0].literals as string[]).map((line) => line.split(/=(.*)/s) as [string, string]));

describe('deploy/kubernetes', () => {
  it('lists every file that is there, and only those', () => {
    for (const folder of [BASE, LAB]) {
      expect(yaml(`${folder}/kustomization.yaml`)).toMatchObject({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' });
      const { resources } = yaml(`${folder}/kustomization.yaml`) as { resources: string[] };
      expect(resources.filter((r) => r.endsWith('.yaml')).sort()).toEqual([...new Set(manifests(folder).map(({ file }) => file))].sort());
    }
    expect((yaml(`${LAB}/kustomization.yaml`)['resources'] as string[]).includes('../../base') && has(`${BASE}/kustomization.yaml`)).toBe(true);
  });

  it('runs this version of the image, as nobody in particular, on a read-only disk', () => {
    for (const folder of [BASE, LAB]) for (const [i, name] of ['sulcus', 'sulcus-tools'].entries()) expect(yaml(`${folder}/kustomization.yaml`)['images'][i]).toMatchObject({ name, newTag: VERSION });
    for (const deployment of deployments) {
      const spec = deployment['spec'].template.spec as Document, [one] = spec['containers'] as Document[];
      expect(one?.['image']).toBe(deployment['metadata'].name === 'sulcus-tools' ? 'sulcus-tools' : 'sulcus');
      expect(spec['securityContext']).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } });
      expect(one?.['securityContext']).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
      expect(deployment['spec'].selector.matchLabels).toEqual(deployment['spec'].template.metadata.labels);
    }
  });

  it('probes the ports that workers serve at, and lets them leave', () => {
    const { SULCUS_HEALTH_PORT, SULCUS_METRICS_PORT } = settings(BASE);
    for (const role of ['control', 'compute', 'tools']) {
      const worker = container(`sulcus-${role}`), ports = Object.fromEntries((worker['ports'] as Document[]).map((p) => [p['name'], p['containerPort']])) as Record<string, number>;
      expect([ports['health'], ports['metrics']]).toEqual([Number(SULCUS_HEALTH_PORT), Number(SULCUS_METRICS_PORT)]);
      expect([worker['livenessProbe'].httpGet, worker['readinessProbe'].httpGet]).toEqual([{ path: '/livez', port: 'health' }, { path: '/readyz', port: 'health' }]);
      expect((worker['args'] as string[]).slice(0, 3)).toEqual(['worker', '--role', role]);
      // docs/operations.md: gone within 20 s
      expect(pod(`sulcus-${role}`)['terminationGracePeriodSeconds']).toBeGreaterThanOrEqual(45);
      expect(worker['resources'].limits.cpu).toBeUndefined();
      expect(deployments.find((d) => d['metadata'].name === `sulcus-${role}`)?.['spec'].template.metadata.annotations['prometheus.io/port']).toBe(SULCUS_METRICS_PORT);
    }
    expect(read('Dockerfile')).toMatch(/SULCUS_HEALTH_HOST=0\.0\.0\.0 SULCUS_METRICS_HOST=0\.0\.0\.0/);
    const compute = container('sulcus-compute'), threads = (compute['args'] as string[])[(compute['args'] as string[]).indexOf('--threads') + 1];
    expect(compute['resources'].requests.cpu).toBe(threads);
  });

  it('mounts volumes that are claimed, shared between machines, and room to write', () => {
    const claims = ofKind('PersistentVolumeClaim');
    for (const claim of claims) expect(claim['spec'].accessModes).toEqual(['ReadWriteMany']);
    for (const role of ['control', 'compute', 'tools']) {
      const spec = pod(`sulcus-${role}`), names = (spec['volumes'] as Document[]).map((v) => v['name'] as string);
      expect((container(`sulcus-${role}`)['volumeMounts'] as Document[]).map((m) => m['name'] as string).sort()).toEqual(names.sort());
      for (const volume of spec['volumes'] as Document[]) if (volume['persistentVolumeClaim']) expect(claims.map((c) => c['metadata'].name as string)).toContain(volume['persistentVolumeClaim'].claimName);
      expect((container(`sulcus-${role}`)['volumeMounts'] as Document[]).map((m) => m['mountPath'] as string)).toEqual(expect.arrayContaining([settings(BASE)['SULCUS_STATE'], '/tmp']));
    }
  });

  it('takes secrets by reference only', () => {
    expect(ofKind('Secret')).toEqual([]);
    for (const deployment of deployments) for (const { name, value } of (deployment['spec'].template.spec.containers[0].env ?? []) as { name: string; value?: string }[]) {
      if (/KEY|TOKEN|SECRET/.test(name)) expect([name, value]).toEqual([name, undefined]);
    }
  });

  it('scales compute workers on the queue that fits wait in, and never to nobody', () => {
    const [scaled] = ofKind('ScaledObject'), trigger = scaled?.['spec'].triggers[0] as Document;
    expect(trigger).toMatchObject({ type: 'temporal', metadata: { taskQueue: COMPUTE_QUEUE, queueTypes: 'activity', endpoint: settings(BASE)['TEMPORAL_ADDRESS'], namespace: settings(BASE)['TEMPORAL_NAMESPACE'] } });
    // KEDA reads metadata as text.
    for (const value of Object.values(trigger['metadata'] as Record<string, unknown>)) expect(typeof value).toBe('string');
    expect(scaled?.['spec'].scaleTargetRef.name).toBe('sulcus-compute');
    expect(scaled?.['spec'].minReplicaCount).toBeGreaterThanOrEqual(1);
    // Whoever scales owns the number.
    expect(deployments.find((d) => d['metadata'].name === 'sulcus-compute')?.['spec'].replicas).toBeUndefined();
  });

  it('has tools workers for those who ask for some, with room for what they may give to programs, and the studies', () => {
    const tools = container('sulcus-tools'), args = tools['args'] as string[], after = (name: string): number => Number(args[args.indexOf(name) + 1]);
    expect(deployments.find((d) => d['metadata'].name === 'sulcus-tools')?.['spec'].replicas).toBe(0);
    expect(yaml(`${LAB}/kustomization.yaml`)['replicas']).toEqual([{ name: 'sulcus-tools', count: 0 }]);
    expect(tools['resources'].requests.cpu).toBe(String(after('--tool-cores')));
    expect(parseInt(tools['resources'].limits.memory as string, 10)).toBeGreaterThan(after('--tool-memory'));
    expect((tools['volumeMounts'] as Document[]).map((m) => m['mountPath'] as string)).toContain('/studies');
  });

  it('has disruption budgets that select what is deployed, and leave room to drain', () => {
    const labels = deployments.map((d) => JSON.stringify(d['spec'].template.metadata.labels));
    for (const budget of ofKind('PodDisruptionBudget')) {
      expect(labels).toContain(JSON.stringify(budget['spec'].selector.matchLabels));
      const target = deployments.find((d) => JSON.stringify(d['spec'].template.metadata.labels) === JSON.stringify(budget['spec'].selector.matchLabels));
      if (budget['spec'].minAvailable !== undefined) expect(target?.['spec'].replicas).toBeGreaterThan(budget['spec'].minAvailable as number);
    }
  });

  it('patches what is there, in one namespace of Temporal for workers and autoscaler', () => {
    const lab = yaml(`${LAB}/kustomization.yaml`) as { patches: { target: { kind: string; name?: string }; patch: string }[] };
    for (const { target, patch } of lab.patches) {
      const targets = ofKind(target.kind).filter((d) => target.name === undefined || d['metadata'].name === target.name);
      expect(targets.length).toBeGreaterThan(0);
      for (const { op, path } of parse(patch) as { op: string; path: string }[]) if (op === 'replace') {
        for (const one of targets) expect([path, path.split('/').slice(1).reduce<unknown>((at, key) => (at as Document | undefined)?.[key], one)]).not.toContain(undefined);
      }
    }
    const scaler = parse(lab.patches.find((p) => p.target.kind === 'ScaledObject')?.patch ?? '') as { path: string; value: string }[];
    expect(scaler.find((p) => p.path.endsWith('/metadata/namespace'))?.value).toBe(settings(LAB)['TEMPORAL_NAMESPACE']);
  });
});

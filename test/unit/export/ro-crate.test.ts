/** The RO-Crate of an export: every reference leads somewhere, and it tells no more than may be told. */
import { describe, expect, it } from 'vitest';
import { bidsFiles } from '../../../client/export/bids.js';
import { writeTsv } from '../../../formats/index.js';
import { completeStudy } from '../report/example.js';

const { results, participants = [] } = completeStudy();
const SHA = 'ab'.repeat(32), STARTED = '2026-03-02T10:00:00.000Z', KEY = new Uint8Array(32).fill(7);
const COLUMNS = ['cohort', 'participant', 'pipeline', 'step', 'program', 'version', 'started_at', 'seconds', 'inputs', 'outputs'];

type Entity = { '@id': string; '@type': string | string[] } & Record<string, unknown>;

function crate(key: Uint8Array | null, people = participants, denoise = { version: '3.0.3', inputs: `input:dwi=${SHA} input:bval=${SHA}` }, study = results): { graph: Entity[]; context: unknown; text: string; paths: string[] } {
  const rows = people.flatMap(({ cohort, participant }) => [
    [cohort, participant, 'mrtrix3-dti', 'denoise', 'mrtrix3', denoise.version, STARTED, 90, denoise.inputs, `dwi=${SHA}`],
    [cohort, participant, 'mrtrix3-dti', 'metrics', 'mrtrix3', '3.0.3', STARTED, 30, `denoise:dwi=${SHA}`, `fa=${SHA}`],
  ]);
  const held = new Map([
    ['tables/participants.tsv', writeTsv(['cohort', 'participant', 'group', 'age', 'sex'], people.map((p) => [p.cohort, p.participant, p.group, p.age, p.sex]))],
    ['tables/pipeline_steps.tsv', writeTsv(COLUMNS, rows)],
  ]);
  const files = bidsFiles(study, (path) => { const text = held.get(path); return text === undefined ? null : Buffer.from(text); }, key);
  const text = String(files.find(([path]) => path === 'ro-crate-metadata.json')?.[1]);
  const { '@graph': graph, '@context': context } = JSON.parse(text) as { '@graph': Entity[]; '@context': unknown };
  return { graph, context, text, paths: files.map(([path]) => path) };
}

/** Every `{ "@id": ... }` within an entity. */
function references(value: unknown, top = true): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => references(one, false));
  if (typeof value !== 'object' || value === null) return [];
  const own = value as Record<string, unknown>;
  return top ? Object.values(own).flatMap((one) => references(one, false)) : typeof own['@id'] === 'string' ? [own['@id']] : Object.values(own).flatMap((one) => references(one, false));
}

describe.each([['identifiers', null], ['pseudonyms', KEY]] as const)('an RO-Crate under %s', (_, key) => {
  const { graph, context, paths } = crate(key), byId = new Map(graph.map((entity) => [entity['@id'], entity]));

  it('is sound JSON-LD: one entity an id, each with a type, and every reference leads to one', () => {
    expect(context).toEqual(['https://w3id.org/ro/crate/1.1/context', 'https://w3id.org/ro/terms/workflow-run/context']);
    expect(byId.size).toBe(graph.length);
    for (const entity of graph) expect([entity['@id'], entity['@type']].every((one) => typeof one === 'string' && one !== '')).toBe(true);
    // What the vocabularies themselves define is not described again.
    const outside = new Set(['https://w3id.org/ro/crate/1.1', 'http://schema.org/CompletedActionStatus']);
    expect(graph.flatMap((entity) => references(entity)).filter((id) => !byId.has(id) && !outside.has(id))).toEqual([]);
    for (const id of byId.keys()) expect(id).toMatch(/^[A-Za-z0-9#/.:_%~!'()*-]+$/);
  });

  it('has what RO-Crate asks of its root, and every file of the export', () => {
    expect(byId.get('ro-crate-metadata.json')).toMatchObject({ '@type': 'CreativeWork', about: { '@id': './' }, conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' } });
    expect(byId.get('./')).toMatchObject({ '@type': 'Dataset', name: expect.any(String) as string, description: expect.any(String) as string, datePublished: results.run.finishedAt, license: expect.any(String) as string });
    expect(graph.filter((entity) => entity['@type'] === 'File').map((entity) => decodeURIComponent(entity['@id'])).sort()).toEqual(paths.filter((path) => path !== 'ro-crate-metadata.json').sort());
  });

  it('has an action a step and participant, from what it read to what it made, by a program with its version', () => {
    const actions = graph.filter((entity) => entity['@type'] === 'CreateAction');
    expect(actions).toHaveLength(2 * participants.length + 1);
    expect(references(byId.get('./')?.['mentions'], false).sort()).toEqual(actions.map((action) => action['@id']).sort());
    const denoise = actions.find((action) => String(action['name']).startsWith('mrtrix3-dti, denoise'))!, mine = denoise['@id'].replace(/denoise$/, '');
    expect(byId.get((denoise['instrument'] as Entity)['@id'])).toMatchObject({ '@type': 'SoftwareApplication', name: 'mrtrix3', softwareVersion: '3.0.3' });
    expect([denoise['description'], references(denoise['object'], false).map((id) => byId.get(id)?.['name'])]).toEqual(['dwidenoise {input:dwi} {output:dwi} -nthreads {threads}', ['input:dwi', 'input:bval']]);
    // The one made what the other read.
    expect(byId.get(`${mine}metrics`)?.['object']).toEqual(denoise['result']);
    // Programs are told once, however many ran them.
    expect(graph.filter((entity) => entity['@type'] === 'SoftwareApplication').map((entity) => entity['name'])).toEqual(['sulcus', 'mrtrix3']);
  });
});

describe('what an RO-Crate tells', () => {
  it('to others: no identifier, no checksum of a scan, no time of a step; and the order says nothing', () => {
    const { text, graph } = crate(KEY), steps = graph.filter((entity) => entity['@type'] === 'CreateAction').slice(1);
    for (const { participant } of participants) expect(text).not.toContain(participant);
    expect(text).not.toMatch(/abababab|sha256|startTime|2026-03-02T10:0/);
    const names = steps.map((step) => String(step['name']).replace(/^.*: /, ''));
    expect(names).toEqual([...names].sort());
    // The same people in another order of the study's table are the same crate.
    expect(crate(KEY, [...participants].reverse()).text).toBe(text);
  });
  it('within the laboratory: checksums and times', () => {
    const { graph } = crate(null);
    expect(graph.find((entity) => entity['name'] === 'input:dwi')).toMatchObject({ sha256: SHA });
    expect(graph.find((entity) => String(entity['name']).startsWith('mrtrix3-dti, denoise'))).toMatchObject({ startTime: STARTED, endTime: '2026-03-02T10:01:30.000Z' });
  });
  it('of files that were there before: that they were copied, and no program or command', () => {
    const { graph } = crate(null, participants, { version: '', inputs: `existing:dwi=${SHA}` }), byId = new Map(graph.map((entity) => [entity['@id'], entity]));
    const denoise = graph.find((entity) => String(entity['name']).startsWith('mrtrix3-dti, denoise'))!;
    expect(byId.get((denoise['instrument'] as Entity)['@id'])?.['name']).toBe('sulcus');
    expect([denoise['description'], references(denoise['object'], false).map((id) => byId.get(id)?.['name'])]).toEqual(['files that were there before, copied', ['existing denoise:dwi']]);
    expect(graph.flatMap((entity) => references(entity)).filter((id) => id.startsWith('#') && !byId.has(id))).toEqual([]);
    expect(graph.filter((entity) => entity['@type'] === 'SoftwareApplication').map((entity) => entity['softwareVersion'])).not.toContain('');
  });
  it('of steps in a container: its image, by content; of several nothing, since it is not known whose is which', () => {
    const image = (id: string): { engine: string; name: string; id: string } => ({ engine: 'apptainer', name: 'mrtrix3.sif', id: `sha256:${id.repeat(32)}` });
    const within = (images: ReturnType<typeof image>[]): Entity[] => {
      const study = structuredClone(results);
      for (const { steps } of study.pipelines ?? []) for (const step of steps) if (step.step === 'denoise') step.images = images;
      return crate(KEY, participants, undefined, study).graph;
    };
    const one = within([image('cd')]), byId = new Map(one.map((entity) => [entity['@id'], entity])), find = (graph: Entity[], name: string): Entity => graph.find((entity) => String(entity['name']).startsWith(`mrtrix3-dti, ${name}`))!;
    expect(byId.get((find(one, 'denoise')['containerImage'] as Entity)['@id'])).toEqual({
      '@id': expect.stringMatching(/^#image\/sha256%3Acdcd/) as string, '@type': 'ContainerImage', additionalType: { '@id': 'https://w3id.org/ro/terms/workflow-run#SIFImage' }, name: 'mrtrix3.sif', sha256: 'cd'.repeat(32),
    });
    expect(find(one, 'metrics')).not.toHaveProperty('containerImage');
    expect(find(within([image('cd'), image('ef')]), 'denoise')).not.toHaveProperty('containerImage');
  });
  it('grows with the participants and no faster', () => {
    const many = (n: number): number => crate(KEY, Array.from({ length: n }, (_, i) => ({ ...participants[0]!, participant: `P${i}` }))).text.length;
    const [none, some, more] = [0, 50, 500].map(many) as [number, number, number];
    expect((more - none) / (some - none)).toBeCloseTo(10, 0);
  });
});

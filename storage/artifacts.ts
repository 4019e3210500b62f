/** The artifact store on any ObjectStore: names, checksums, and what to do about damage. */
import { DamagedError } from '../contracts/damage.js';
import type { ArtifactRef } from '../contracts/refs.js';
import type { StepRow } from '../contracts/results.js';
import { StoreError } from './errors.js';
import { readHeader, seal, sealDraft, unseal, unsealDraft } from './seal.js';
import { artifactName, decisionName, DECISIONS, draftName, finishedName, noteName, resultName, RUNS, stepsName, USES, usesName } from './layout.js';
import type { ObjectStore } from './object-store.js';
import type { Artifact, ArtifactStore, Damage, FinishedRun, Provenance } from './store.js';

/** Headers are a few hundred bytes: a reason has at most 400 characters. */
const HEADER_BYTES = 4096;

export class Artifacts implements ArtifactStore {
  /** `onDamage` is told of what is damaged, after it was set aside. */
  constructor(readonly objects: ObjectStore, private readonly onDamage: (damage: Damage) => void = () => undefined) {}

  get location(): string {
    return this.objects.location;
  }

  async find(ref: ArtifactRef): Promise<Artifact | null> {
    return this.unsealed(artifactName(ref), unseal);
  }

  async provenance(ref: ArtifactRef): Promise<Provenance | null> {
    const name = artifactName(ref), start = await this.objects.readStart(name, HEADER_BYTES);
    return start === null ? null : readHeader(start)?.provenance ?? null;
  }

  async put(ref: ArtifactRef, bytes: Uint8Array, provenance: Provenance): Promise<void> {
    const sealed = seal(bytes, provenance);
    // What is there already must be whole: else it is set aside, and this one takes its place.
    for (let tries = 0; tries < 3; tries++) {
      if (await this.objects.create(artifactName(ref), sealed)) return;
      if ((await this.find(ref)) !== null) return;
    }
    throw new StoreError('STORE_UNAVAILABLE', `artifact ${ref.kind}/${ref.key.slice(0, 12)} is damaged again and again`, { remedy: 'check the disk of the store' });
  }

  async replace(ref: ArtifactRef, bytes: Uint8Array, provenance: Provenance): Promise<void> {
    await this.objects.replace(artifactName(ref), seal(bytes, provenance));
  }

  async draft(ref: ArtifactRef): Promise<Uint8Array | null> {
    return this.unsealed(draftName(ref), unsealDraft);
  }

  async putDraft(ref: ArtifactRef, bytes: Uint8Array): Promise<void> {
    await this.objects.replace(draftName(ref), sealDraft(bytes));
  }

  async dropDraft(ref: ArtifactRef): Promise<void> {
    await this.objects.remove(draftName(ref));
  }

  async recordSteps(runId: string, name: string, rows: StepRow[]): Promise<void> {
    await this.objects.replace(stepsName(runId, name), [encode(rows)]);
  }

  async steps(runId: string): Promise<StepRow[]> {
    const names = await this.documents(`${RUNS}/${runId}`);
    const lists = await Promise.all(names.map((name) => this.unsealed(name, (bytes) => decode<StepRow[]>(bytes))));
    return lists.flatMap((rows) => rows ?? []);
  }

  async recordUses(runId: string, name: string, refs: readonly ArtifactRef[]): Promise<void> {
    await this.objects.replace(usesName(runId, name), [encode(refs.map(({ kind, key }) => ({ kind, key })))]);
  }

  async uses(runId: string): Promise<ArtifactRef[] | null> {
    const names = await this.documents(`${USES}/${runId}`);
    if (names.length === 0) return null;
    const lists = await Promise.all(names.map((name) => this.unsealed(name, (bytes) => decode<ArtifactRef[]>(bytes))));
    return lists.includes(null) ? null : lists.flatMap((refs) => refs ?? []); // what a damaged list held is not known
  }

  async recordRun(about: FinishedRun, document: Uint8Array): Promise<void> {
    const { runId, workflowId, study, finishedAt, out, partial } = about;
    await this.objects.replace(resultName(runId), [document]);
    await this.objects.replace(finishedName(runId), [encode({ runId, workflowId, study, finishedAt, out, partial } satisfies FinishedRun)]);
  }

  async run(runId: string): Promise<Uint8Array | null> {
    return this.unsealed(resultName(runId), (bytes) => bytes);
  }

  async runs(): Promise<FinishedRun[]> {
    const names: string[] = [];
    for await (const { name } of this.objects.list(RUNS)) if (name.endsWith('/finished')) names.push(name);
    const found = await Promise.all(names.map((name) => this.unsealed(name, (bytes) => decode<FinishedRun>(bytes))));
    return found.filter((run) => run !== null).sort((a, b) => (a.finishedAt < b.finishedAt ? 1 : -1));
  }

  async note(name: string): Promise<Uint8Array | null> {
    return this.unsealed(noteName(name), (bytes) => bytes);
  }

  async putNote(name: string, bytes: Uint8Array): Promise<void> {
    await this.objects.replace(noteName(name), [bytes], { durable: false });
  }

  async decision(path: string): Promise<Uint8Array | null> {
    return this.decided(decisionName(path));
  }

  async putDecision(path: string, bytes: Uint8Array | null): Promise<void> {
    if (bytes === null) await this.objects.remove(decisionName(path));
    else await this.objects.replace(decisionName(path), [bytes]);
  }

  async decisions(folder: string): Promise<Uint8Array[]> {
    const found = await Promise.all((await this.documents(`${DECISIONS}/${folder}`)).map((name) => this.decided(name)));
    return found.filter((bytes) => bytes !== null);
  }

  /** A decision that is damaged stops what depends on it: without it, a study would go on as if nobody had decided. */
  private async decided(name: string): Promise<Uint8Array | null> {
    try {
      const bytes = await this.objects.read(name);
      if (bytes !== null) decode(bytes);
      return bytes;
    } catch (cause) {
      if (!(cause instanceof DamagedError)) throw cause;
      throw new StoreError('STORE_DAMAGED', `${name} in the artifact store, what a person decided, is damaged`, { remedy: 'restore it from a backup, or delete it and decide again', cause });
    }
  }

  /** The JSON documents of a folder itself, in the order of their names. */
  private async documents(folder: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of this.objects.list(folder)) if (name.endsWith('.json') && !name.slice(folder.length + 1).includes('/')) names.push(name);
    return names.sort();
  }

  /** Reads what can be made again. Damaged only if it is so twice: a network disk may have been at fault, not what lies on it. */
  private async unsealed<T>(name: string, open: (bytes: Uint8Array) => T): Promise<T | null> {
    for (let last = false; ; last = true) {
      try {
        const bytes = await this.objects.read(name);
        return bytes === null ? null : open(bytes);
      } catch (error) {
        if (!(error instanceof DamagedError)) throw error;
        if (!last) continue;
        await this.objects.setAside(name);
        this.onDamage({ name, what: error.message });
        return null;
      }
    }
  }
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function decode<T>(bytes: Uint8Array): T {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as T;
  } catch {
    throw new DamagedError('it is no JSON');
  }
}

/**
 * The store on a file system: `artifacts/<kind>/<2 hex>/<key>`, one file each: a line of JSON (checksum, size, provenance), then the
 * payload. Written to a temporary file, synced, linked to its place: a file that exists is complete, and its checksum is verified when read.
 */
import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactRef } from '../contracts/refs.js';
import type { StepRow } from '../contracts/results.js';
import type { Artifact, ArtifactStore, FinishedRun, Provenance } from './store.js';

const FORMAT = 'sulcus/artifact/1';

interface Header {
  format: typeof FORMAT;
  sha256: string;
  bytes: number;
  provenance: Provenance;
}

export class FileStore implements ArtifactStore {
  constructor(readonly root: string) {}

  async find(ref: ArtifactRef): Promise<Artifact | null> {
    const path = this.path(ref);
    const file = await readIfThere(path);
    if (file === null) return null;
    const header = parseHeader(file);
    const payload = header === null ? null : file.subarray(header.length);
    if (header === null || payload === null || payload.length !== header.value.bytes || sha256(payload) !== header.value.sha256) {
      await rename(path, `${path}.damaged-${Date.now()}`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error; // another reader set it aside first
      });
      return null;
    }
    return { bytes: payload, provenance: header.value.provenance };
  }

  async provenance(ref: ArtifactRef): Promise<Provenance | null> {
    let handle;
    try {
      handle = await open(this.path(ref), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      return parseHeader(buffer.subarray(0, bytesRead))?.value.provenance ?? null;
    } finally {
      await handle.close();
    }
  }

  async put(ref: ArtifactRef, bytes: Uint8Array, provenance: Provenance): Promise<void> {
    const header: Header = { format: FORMAT, sha256: sha256(bytes), bytes: bytes.length, provenance };
    await createFile(this.path(ref), [Buffer.from(`${JSON.stringify(header)}\n`), bytes]);
  }

  async replace(ref: ArtifactRef, bytes: Uint8Array, provenance: Provenance): Promise<void> {
    const header: Header = { format: FORMAT, sha256: sha256(bytes), bytes: bytes.length, provenance };
    await replaceFile(this.path(ref), [Buffer.from(`${JSON.stringify(header)}\n`), bytes]);
  }

  async draft(ref: ArtifactRef): Promise<Uint8Array | null> {
    const file = await readIfThere(this.draftPath(ref));
    if (file === null || file.length < 65) return null;
    const payload = file.subarray(65);
    return file.subarray(0, 64).toString('latin1') === sha256(payload) ? payload : null;
  }

  async putDraft(ref: ArtifactRef, bytes: Uint8Array): Promise<void> {
    await replaceFile(this.draftPath(ref), [Buffer.from(`${sha256(bytes)}\n`), bytes]);
  }

  async dropDraft(ref: ArtifactRef): Promise<void> {
    await rm(this.draftPath(ref), { force: true });
  }

  async recordSteps(runId: string, name: string, rows: StepRow[]): Promise<void> {
    await replaceFile(join(this.root, 'runs', runId, `${name}.json`), [Buffer.from(JSON.stringify(rows))]);
  }

  async steps(runId: string): Promise<StepRow[]> {
    const folder = join(this.root, 'runs', runId);
    let names: string[];
    try {
      names = await readdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    const lists = await Promise.all(names.filter((n) => n.endsWith('.json')).sort().map(async (n) => JSON.parse(await readFile(join(folder, n), 'utf8')) as StepRow[]));
    return lists.flat();
  }

  async recordRun({ runId, workflowId, study, finishedAt, out, partial }: FinishedRun, document: Uint8Array): Promise<void> {
    const folder = join(this.root, 'runs', runId);
    await replaceFile(join(folder, 'results.gz'), [document]);
    await replaceFile(join(folder, 'finished'), [Buffer.from(JSON.stringify({ runId, workflowId, study, finishedAt, out, partial } satisfies FinishedRun))]);
  }

  async run(runId: string): Promise<Uint8Array | null> {
    return readIfThere(join(this.root, 'runs', runId, 'results.gz'));
  }

  async runs(): Promise<FinishedRun[]> {
    const found = await Promise.all((await namesIn(join(this.root, 'runs'))).map((runId) => readIfThere(join(this.root, 'runs', runId, 'finished'))));
    return found.flatMap((bytes) => (bytes === null ? [] : [JSON.parse(bytes.toString('utf8')) as FinishedRun])).sort((a, b) => (a.finishedAt < b.finishedAt ? 1 : -1));
  }

  async note(name: string): Promise<Uint8Array | null> {
    return readIfThere(this.notePath(name));
  }

  async putNote(name: string, bytes: Uint8Array): Promise<void> {
    await replaceFile(this.notePath(name), [bytes], { sync: false });
  }

  private notePath(name: string): string {
    return join(this.root, 'notes', name.slice(0, 2), name);
  }

  async decision(path: string): Promise<Uint8Array | null> {
    return readIfThere(this.decisionPath(path));
  }

  async putDecision(path: string, bytes: Uint8Array | null): Promise<void> {
    if (bytes === null) await rm(this.decisionPath(path), { force: true });
    else await replaceFile(this.decisionPath(path), [bytes]);
  }

  async decisions(folder: string): Promise<Uint8Array[]> {
    let names: string[];
    try {
      names = await readdir(join(this.root, 'decisions', folder));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    const found = await Promise.all(names.filter((n) => n.endsWith('.json')).sort().map((n) => this.decision(`${folder}/${n.slice(0, -'.json'.length)}`)));
    return found.filter((bytes) => bytes !== null);
  }

  private decisionPath(path: string): string {
    return join(this.root, 'decisions', `${path}.json`);
  }

  private draftPath(ref: ArtifactRef): string {
    return join(this.root, 'drafts', ref.kind, ref.key);
  }

  private path(ref: ArtifactRef): string {
    return join(this.root, 'artifacts', ref.kind, ref.key.slice(0, 2), ref.key);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function parseHeader(file: Uint8Array): { value: Header; length: number } | null {
  const end = file.indexOf(10);
  if (end < 0) return null;
  try {
    const value = JSON.parse(Buffer.from(file.subarray(0, end)).toString('utf8')) as Header;
    return value.format === FORMAT ? { value, length: end + 1 } : null;
  } catch {
    return null; // not a header: the caller treats the file as damaged
  }
}

/** Names in a folder; none when there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The last write wins. */
async function replaceFile(path: string, parts: Uint8Array[], options: { sync: boolean } = { sync: true }): Promise<void> {
  const temporary = await writeBeside(path, parts, options);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The first write wins: who computed an artifact stays as it was first recorded. */
async function createFile(path: string, parts: Uint8Array[]): Promise<void> {
  const temporary = await writeBeside(path, parts);
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A complete file beside its place, synced unless it may be lost; returns its name. */
async function writeBeside(path: string, parts: Uint8Array[], { sync } = { sync: true }): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const handle = await open(temporary, 'wx');
  try {
    for (const part of parts) await handle.writeFile(part);
    if (sync) await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await handle.close();
  return temporary;
}

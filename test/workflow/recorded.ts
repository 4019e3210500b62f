/** Recorded histories, a folder a version: fetched from a server, freed of this machine's paths and names, kept as JSON, replayed by later versions. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTemporal } from '../../client/temporal/index.js';

const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));

interface Recorded {
  /** VERSION/NAME. */
  name: string;
  workflowId: string;
  history: unknown;
}

export function recordedHistories(): Recorded[] {
  return readdirSync(HISTORIES).sort().flatMap((version) => readdirSync(join(HISTORIES, version)).filter((file) => file.endsWith('.json')).sort()
    .map((file) => ({ name: `${version}/${file.replace('.json', '')}`, ...(JSON.parse(readFileSync(join(HISTORIES, version, file), 'utf8')) as Omit<Recorded, 'name'>) })));
}

/** Id of a workflow's run that is going, or of its last one. */
export async function runIdOf(address: string, workflowId: string): Promise<string> {
  const { path } = await findTemporal();
  const text = execFileSync(path, ['workflow', 'describe', '--workflow-id', workflowId, '--output', 'json', '--address', address], { encoding: 'utf8' });
  return (JSON.parse(text) as { workflowExecutionInfo: { execution: { runId: string } } }).workflowExecutionInfo.execution.runId;
}

/** Saves the history of a workflow (of its last run, unless another is named) under a name of this version; `folder` (where the study lay) becomes /study. */
export async function record(address: string, workflowId: string, name: string, folder: string, runId?: string): Promise<void> {
  const { path } = await findTemporal();
  const text = execFileSync(path, ['workflow', 'show', '--workflow-id', workflowId, ...(runId === undefined ? [] : ['--run-id', runId]), '--output', 'json', '--address', address], { encoding: 'utf8', maxBuffer: 1e8 });
  const clean = JSON.parse(text, (key, value: unknown) => {
    if (key === 'identity' && typeof value === 'string') return 'worker';
    if (key === 'name' && typeof value === 'string' && /^\d+@/.test(value)) return 'worker'; // the queue of its own
    if (key === 'stackTrace') return '';
    if (key !== 'data' || typeof value !== 'string') return value;
    const payload = Buffer.from(value, 'base64').toString('utf8');
    return payload.includes(folder) ? Buffer.from(payload.replaceAll(folder, '/study')).toString('base64') : value;
  }) as unknown;
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  mkdirSync(join(HISTORIES, version), { recursive: true });
  writeFileSync(join(HISTORIES, version, `${name}.json`), `${JSON.stringify({ workflowId, history: clean })}\n`);
}

/** The files of deploy/ as tests read them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
export const has = (path: string): boolean => existsSync(join(ROOT, path));
export const VERSION = (JSON.parse(read('package.json')) as { version: string }).version;

/* eslint-disable @typescript-eslint/no-explicit-any -- documents of many schemas, each checked by its own tool (npm run test:deploy) */
export type Document = Record<string, any>;

export const yaml = (path: string): Document => parse(read(path), { merge: true }) as Document;
/** All documents of a folder's files, its kustomization left out. */
export function manifests(folder: string): { file: string; document: Document }[] {
  return readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .flatMap((file) => parseAllDocuments(read(join(folder, file))).map((d) => ({ file, document: d.toJS() as Document })));
}
/** Names of metrics in a PromQL expression: those of ours, of the SDK and of the process. */
export const metricsIn = (expression: string): string[] => [...expression.matchAll(/\b(?:sulcus|temporal|process)_[a-z_]+/g)].map(([name]) => name);

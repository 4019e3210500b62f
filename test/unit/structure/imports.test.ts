import { fileURLToPath } from 'node:url';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cycleIn, importsOf, MAY_IMPORT, readSource, sourcesOf, wrongImports } from './rooms.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the rooms', () => {
  const files = sourcesOf(root).filter((file) => !file.startsWith('analysis/opnmf/kernel/assembly/'));

  it('import one way', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap((file) => wrongImports(file, readSource(root, file)))).toEqual([]);
  });

  it('have no cycle in their rules', () => {
    expect(cycleIn(new Map(Object.entries(MAY_IMPORT).map(([room, targets]) => [room, new Set(targets)])))).toBeNull();
  });

  it('hold no cycle of files that load one another', () => {
    const graph = new Map(
      files.map((file) => {
        const targets = importsOf(readSource(root, file)).filter(({ target, typeOnly }) => target.startsWith('.') && !typeOnly);
        return [file, new Set(targets.map(({ target }) => posix.join(posix.dirname(file), target).replace(/\.js$/, '.ts')))];
      }),
    );
    expect(cycleIn(graph)).toBeNull();
  });

  it('name every import with its extension, and export nothing as default', () => {
    const bad = files.flatMap((file) => {
      const source = readSource(root, file);
      const bare = importsOf(source).filter(({ target }) => target.startsWith('.') && !target.endsWith('.js')).map(({ target }) => `${file}: ${target}`);
      return /^export default/m.test(source) ? [...bare, `${file}: export default`] : bare;
    });
    expect(bad).toEqual([]);
  });
});

describe('the checker finds what is planted', () => {
  it.each([
    ['contracts/a.ts', "import { z } from 'zod';", 'contracts/ must not import zod'],
    ['contracts/a.ts', "import type { X } from '../config/x.js';", 'contracts/ must not import config/'],
    ['analysis/opnmf/a.ts', "import { readFileSync } from 'node:fs';", 'analysis/ must not import node:fs'],
    ['analysis/opnmf/a.ts', "import { join } from 'path';", 'analysis/ must not import path'],
    ['analysis/a.ts', "export * from '../storage/file.js';", 'analysis/ must not import storage/'],
    ['formats/a.ts', "import { readFile } from 'node:fs/promises';", 'formats/ must not import node:fs/promises'],
    ['formats/a.ts', "const { log } = await import('@temporalio/activity');", 'formats/ must not import @temporalio/activity'],
    ['workflows/a.ts', "import { fit } from '../activities/fit.js';", 'workflows/ must not import activities/'],
    ['workflows/a.ts', "import { fit, type Fit } from '../activities/fit.js';", 'workflows/ must not import activities/'],
    ['workflows/a.ts', "import type { F } from '../activities/f.js'; const f = await import('../activities/f.js');", 'workflows/ must not import activities/'],
    ['workflows/a.ts', "import { createHash } from 'node:crypto';", 'workflows/ must not import node:crypto'],
    ['workflows/a.ts', "import { Client } from '@temporalio/client';", 'workflows/ must not import @temporalio/client'],
    ['activities/a.ts', "import { worker } from '../workers/control.js';", 'activities/ must not import workers/'],
    ['client/a.ts', "import { worker } from '../workers/control.js';", 'client/ must not import workers/'],
    ['config/a.ts', "import { launch } from '../client/launch.js';", 'config/ must not import client/'],
    ['cellar/a.ts', '', 'cellar/ is a room without rules'],
  ])('%s: %s', (file, source, message) => {
    expect(wrongImports(file, source)).toHaveLength(1);
    expect(wrongImports(file, source)[0]).toContain(message);
  });

  it.each([
    ['workflows/a.ts', "import type { Activities } from '../activities/index.js'; import { sleep } from '@temporalio/workflow';"],
    ['workflows/a.ts', "import { type Activities, type Other } from '../activities/index.js';"],
    ['client/a.ts', "import type { study } from '../workflows/index.js'; import { Client } from '@temporalio/client';"],
    ['analysis/opnmf/a.ts', "import { createRandom } from '../random.js'; import { Matrix } from 'ml-matrix';"],
    ['analysis/a.ts', "// import fs from 'node:fs'\nconst text = \"import 'node:fs'\";"],
  ])('and lets pass %s: %s', (file, source) => {
    expect(wrongImports(file, source)).toEqual([]);
  });

  it('and cycles', () => {
    expect(cycleIn(new Map([['a', new Set(['b'])], ['b', new Set(['c'])], ['c', new Set(['b'])]]))).toEqual(['b', 'c', 'b']);
  });
});

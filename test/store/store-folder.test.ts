/** The contract of a store, held by a folder. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderObjects } from '../../storage/folder.js';
import { storeContract } from './contract.js';

storeContract('a folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sulcus-store-'));
  return {
    objects: new FolderObjects(root),
    damage: async (name, change) => writeFile(join(root, name), change(await readFile(join(root, name)))),
    remove: () => rm(root, { recursive: true, force: true }),
  };
});

/** The artifact store in a folder. */
import { Artifacts } from './artifacts.js';
import { FolderObjects } from './folder.js';
import type { Damage } from './store.js';

export class FileStore extends Artifacts {
  constructor(folder: string, onDamage?: (damage: Damage) => void) {
    super(new FolderObjects(folder), onDamage);
  }
}

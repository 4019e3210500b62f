/** Tries on a folder what the store and the server do there: write, sync, rename, link, and see who may read it. */
import { mkdtemp, open, link, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface DiskTrial {
  /** Null when everything worked; else what did not, and the system's code. */
  failed: { step: 'create' | 'write' | 'sync' | 'link' | 'rename'; code: string } | null;
  /** Milliseconds that syncing 1 MB took; null when it was not reached. */
  syncMs: number | null;
  /** Free bytes and free files, for an ordinary user. Files are null where the file system does not count them. */
  free: number;
  freeFiles: number | null;
  kind: FileSystemKind;
}

export interface FileSystemKind {
  name: string;
  /** network: other machines may write, too; memory: gone with the machine; layer: gone with the container. */
  nature: 'local' | 'network' | 'memory' | 'layer' | 'unknown';
}

/** Magic numbers of statfs(2). */
const KINDS: Record<number, FileSystemKind> = {
  0xef53: { name: 'ext4', nature: 'local' }, 0x58465342: { name: 'xfs', nature: 'local' }, 0x9123683e: { name: 'btrfs', nature: 'local' }, 0x2fc12fc1: { name: 'zfs', nature: 'local' }, 0xf2f52010: { name: 'f2fs', nature: 'local' },
  0x6969: { name: 'NFS', nature: 'network' }, 0xff534d42: { name: 'CIFS', nature: 'network' }, 0xfe534d42: { name: 'SMB', nature: 'network' }, 0x517b: { name: 'SMB', nature: 'network' }, 0x0bd00bd0: { name: 'Lustre', nature: 'network' },
  0x00c36400: { name: 'Ceph', nature: 'network' }, 0x47504653: { name: 'GPFS', nature: 'network' }, 0x19830326: { name: 'BeeGFS', nature: 'network' }, 0x01021997: { name: '9p', nature: 'network' }, 0x65735546: { name: 'FUSE', nature: 'network' },
  0x01021994: { name: 'tmpfs', nature: 'memory' }, 0x794c7630: { name: 'overlay', nature: 'layer' },
};

/** The folder itself, or the nearest one above it that exists: where it would be made. */
export async function existingFolder(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const there = await stat(at).then((s) => s.isDirectory(), () => false);
    if (there || at === dirname(at)) return at;
  }
}

/** Leaves nothing behind. Throws the system's error only when the folder cannot be asked for its space. */
export async function tryDisk(folder: string): Promise<DiskTrial> {
  const { type, bavail, bsize, files, ffree } = await statfs(folder);
  const trial: DiskTrial = { failed: null, syncMs: null, free: bavail * bsize, freeFiles: files > 0 ? ffree : null, kind: KINDS[type >>> 0] ?? { name: `kind ${(type >>> 0).toString(16)}`, nature: 'unknown' } };
  let step: NonNullable<DiskTrial['failed']>['step'] = 'create', scratch: string | null = null;
  try {
    scratch = await mkdtemp(join(folder, '.sulcus-doctor-'));
    const file = await open(join(scratch, 'a'), 'wx');
    try {
      step = 'write';
      await file.writeFile(new Uint8Array(1e6));
      step = 'sync';
      const started = performance.now();
      await file.sync();
      trial.syncMs = performance.now() - started;
    } finally {
      await file.close();
    }
    step = 'link';
    await link(join(scratch, 'a'), join(scratch, 'b'));
    step = 'rename';
    await rename(join(scratch, 'b'), join(scratch, 'c'));
  } catch (error) {
    trial.failed = { step, code: (error as NodeJS.ErrnoException).code ?? 'error' };
  } finally {
    if (scratch !== null) await rm(scratch, { recursive: true, force: true }).catch(() => undefined); // the failure is told already
  }
  return trial;
}

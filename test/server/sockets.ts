import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** TCP sockets a process listens on, from /proc (proc(5): state 0A is LISTEN). Linux only. */
export function listeningAddresses(pid: number): { port: number; loopback: boolean }[] {
  const inodes = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    } catch {
      continue; // closed meanwhile
    }
  }
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && inodes.has(fields[9] ?? ''))
      .map((fields) => {
        const [host = '', port = ''] = (fields[1] ?? '').split(':');
        return { port: parseInt(port, 16), loopback: host === '0100007F' || host === '00000000000000000000000001000000' };
      }),
  );
}

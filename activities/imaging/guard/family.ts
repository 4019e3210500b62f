/**
 * The processes of one program: its descendants, whoever is in a process group or session of theirs, and all that was once seen to be one of them, also when
 * its parent has ended. What leaves the group and the session and loses its parent between two samples is not seen.
 */
import type { ProcessRow } from './processes.js';

export class Family {
  /** Start by pid, of the last sample. */
  private known = new Map<number, string>();
  /** Groups and sessions that had a member in the last sample: an id without members may be given to a stranger. */
  private groups: Set<number>;

  /** `root` leads a session of its own. */
  constructor(root: number) {
    this.groups = new Set([root]);
  }

  /** Its living processes in a sample. */
  update(rows: readonly ProcessRow[]): ProcessRow[] {
    const children = new Map<number, ProcessRow[]>();
    for (const row of rows) {
      const siblings = children.get(row.parent);
      if (siblings) siblings.push(row); else children.set(row.parent, [row]);
    }
    const members = new Map<number, ProcessRow>();
    const waiting = rows.filter((row) => this.known.get(row.pid) === row.start || this.groups.has(row.group) || this.groups.has(row.session));
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      if (members.has(row.pid) || row.pid <= 1 || row.pid === process.pid) continue;
      members.set(row.pid, row);
      waiting.push(...(children.get(row.pid) ?? []));
    }
    this.known = new Map([...members.values()].map(({ pid, start }) => [pid, start]));
    this.groups = new Set([...members.values()].flatMap(({ group, session }) => [group, session]).filter((id) => id > 1));
    return [...members.values()].filter(({ ended }) => !ended);
  }
}

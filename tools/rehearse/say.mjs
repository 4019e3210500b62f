/** Words of the rehearsal, on stderr, with the seconds since it began. */
const began = Date.now();

/** Seconds since the rehearsal began. */
export const now = () => (Date.now() - began) / 1000;

/** One line for people. */
export function say(line) {
  process.stderr.write(`${now().toFixed(0).padStart(4)} s  ${line}\n`);
}

/** Something that stops the rehearsal; shown as one line without a stack. */
export class RehearsalError extends Error {}

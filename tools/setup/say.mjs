/** What the set-up says, and how it fails. */

/** One line for people, on stderr. */
export function say(line) {
  process.stderr.write(`sulcus: ${line}\n`);
}

/** Something a person has to do. */
export class SetupError extends Error {
  constructor(message, remedy, cause) {
    super(message, { cause });
    this.remedy = remedy;
  }
}

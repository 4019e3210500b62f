/** Fields that name a person, in headers of files and in tables. What is found is never repeated: only the name of the field is. */
import { PERSONAL_FIELDS } from '../../formats/index.js';

/** How much of the beginning and of the end of a file is looked at: headers and trailing tags. */
const WINDOW = 4096;

/** What the text of a header holds that names a person. Plain numbers are passed over at once. */
export function personalFields(bytes: Uint8Array): string[] {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, WINDOW)).toString('latin1');
  if (/^[\s\d.eE+-]*$/.test(head)) return [];
  const tail = bytes.length <= WINDOW ? '' : Buffer.from(bytes.buffer, bytes.byteOffset + Math.max(WINDOW, bytes.length - WINDOW), Math.min(WINDOW, bytes.length - WINDOW)).toString('latin1');
  // Compressed and binary stretches hold any pair of characters: only runs of readable text count.
  const readable = `${head}\n${tail}`.split(/[^\x20-\x7e\t\r\n]+/).filter((run) => run.length >= 8).join('\n');
  return PERSONAL_FIELDS.filter(([pattern]) => pattern.test(readable)).map(([, name]) => name);
}

const COLUMNS: [RegExp, string][] = [
  [/^((first|last|given|family|full|sur|maiden|patient|subject|participant)[ _-]?)?name$|^initials$|^nom$|^vorname$/i, 'names'],
  [/^(dob|birth[ _-]?date|date[ _-]?of[ _-]?birth|birthday)$/i, 'dates of birth'],
  [/^(e-?mail|phone|telephone|mobile|fax|address|street|postal[ _-]?code|zip([ _-]?code)?)$/i, 'contact details'],
  [/^(mrn|medical[ _-]?record([ _-]?number)?|ssn|social[ _-]?security.*|nhs([ _-]?(number|no))?|health[ _-]?card.*|insurance.*|passport.*|patient[ _-]?id|hospital[ _-]?(id|number))$/i, 'numbers that other registers know'],
];

/** Why a column of a participants table names people; null when it does not seem to. */
export function personalColumn(name: string, values: readonly (string | null)[]): string | null {
  const known = COLUMNS.find(([pattern]) => pattern.test(name.trim()));
  if (known) return known[1];
  const present = values.filter((v) => v !== null);
  if (present.some((v) => /^[\w.+-]+@[\w-]+\.[a-z]{2,}$/i.test(v))) return 'e-mail addresses';
  if (present.some((v) => /^[A-Za-z'-]+\^[A-Za-z'-]+/.test(v))) return 'names as DICOM writes them';
  return null;
}

/**
 * What names a person in a header: which fields do, and which of their values say nothing of anybody. What a field holds is never repeated: only the field is
 * named. A name that stands alone in free text ("Smith John" in `descrip`) cannot be told from other words and is not found.
 */

/** Words that announce what identifies a person, and what that is. */
export const PERSONAL_FIELDS: readonly (readonly [RegExp, string])[] = [
  [/patient'?s?[ _-]?name|\(0010,0010\)/i, 'a patient name'],
  [/patient'?s?[ _-]?birth|birth[ _-]?date|date[ _-]?of[ _-]?birth|\(0010,0030\)/i, 'a date of birth'],
  [/patient'?s?[ _-]?(id|address|telephone)\b|\(0010,0020\)/i, 'a patient id or address'],
  [/(subject|participant)[ _-]?name\b/i, 'a participant name'],
  [/[A-Za-z][A-Za-z'-]+\^[A-Za-z][A-Za-z'-]*/, 'a name as DICOM writes it (FAMILY^GIVEN)'],
  [/[\w.+-]+@[\w-]+\.[a-z]{2,}/i, 'an e-mail address'],
];

export type PersonalKind = 'name' | 'birth' | 'id';

/** Names of fields without case, blanks and punctuation. */
const FIELDS: readonly (readonly [RegExp, PersonalKind])[] = [
  [/^(other)?patients?(full|birth|mothersbirth|motherbirth|family|given|first|last)?names?$|^(subject|participant)s?name$/, 'name'],
  [/^(patients?)?(dob|dateofbirth|birthdate|birthday)$|^(subject|participant)s?(dob|birthdate|dateofbirth)$/, 'birth'],
  [/^(other)?patients?(ids?|identification|address|telephonenumbers?)$/, 'id'],
];

/** What a field of this name holds of a person; null: nothing. `PatientName`, `patient_name` and `Patient's Name` are one. */
export function personalKind(field: string): PersonalKind | null {
  const plain = field.toLowerCase().replace(/[^a-z]/g, '');
  return FIELDS.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
}

/** Values that stand for nobody: blanks, dashes, zeros, and the words that programs and laboratories put in place of what they took out. */
const NOBODY = /^(x+|0+|anon\w*|deid\w*|unknown|unnamed|noname|none|no|na|nan|null|nil|empty|removed|deleted|redacted|withheld|hidden|masked|pseudonym\w*|patient|subject|participant|sub|subj|name|phantom|volunteer|test|id|(anon|sub|subj|subject|patient|participant)\d+)$/;
/** What begins so goes on about how: `removed by deface.py`. */
const TAKEN_OUT = /^(anonymi[sz]|deidentif|removed$|deleted$|redacted$|withheld$)/;
const wordsOf = (value: string): string[] => value.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
const plain = (text: string): string => wordsOf(text).join('');
/** `HC001`, `S1`, `0042`: more digits than letters, or as many. */
const isCode = (word: string): boolean => /\d/.test(word) && (word.match(/\p{L}/gu) ?? []).length <= (word.match(/\d/g) ?? []).length;

/**
 * Whether a value of such a field tells who somebody is. It does not when it stands for nobody, or is one of `own`: identifiers that the study itself uses for
 * the participant. Names: nor when every word is a code (`HC001`). Dates of birth: nor with a year up to 1900, which are put in place of real ones.
 */
export function identifies(kind: PersonalKind, value: string, own: readonly string[]): boolean {
  const words = wordsOf(value), text = words.join('');
  if (words.every((word) => NOBODY.test(word)) || NOBODY.test(text) || TAKEN_OUT.test(words[0] ?? '') || own.some((id) => plain(id) === text)) return false;
  if (kind === 'name') return !words.every((word) => isCode(word) || NOBODY.test(word));
  if (kind === 'birth') return !/^(1[0-8]\d\d|1900)(0[1-9]|1[0-2])([0-2]\d|3[01])$/.test(text);
  return true;
}

const MEANING: Record<PersonalKind, string> = { name: 'a person\'s name', birth: 'a date of birth', id: 'a patient\'s number or address' };

/** What the value of a named field tells of a person, in words; null: nothing. */
export function personalValue(field: string, value: string, own: readonly string[]): string | null {
  const kind = personalKind(field);
  return kind !== null && identifies(kind, value, own) ? MEANING[kind] : null;
}

/** A field within text: as `name: value`, `name = value`, `"name": "value"`, `name="value"`, `<name>value<`, `name">value<`, or as dcmdump and AFNI list DICOM's. */
const ANNOUNCED = /(?:(?<name>patient'?s?[ _-]?name|(?:subject|participant)'?s?[ _-]?name\b|\(?0010[, ]0010\)?)|(?<birth>patient'?s?[ _-]?birth[ _-]?date|patient'?s?[ _-]?dob\b|\bdob\b|birth[ _-]?date|date[ _-]?of[ _-]?birth|\(?0010[, ]0030\)?)|(?<id>patient'?s?[ _-]?(?:id|address)\b|\(?0010[, ]0020\)?))/giu;
/** What stands between a field's name and its value; one of these signs has to be in it. */
const BETWEEN = /^(?:<!\[CDATA\[|<\/?[^<>]{1,60}>|[\s"':=>[\](),/|]|\b(?:PN|LO|DA)\b)+/;
const SIGN = /[:=>[/]/;
const VALUE = /^[^"'<>[\]\n\r;|#/\\]{1,200}/;
/** At least two letters on either side: `mm^2` and `10^-3` are none. */
const DICOM_NAME = /(?<![\p{L}\p{N}^])\p{L}[\p{L}'-]+\^\p{L}[\p{L}'-]+/gu;

/** What text that is no single field tells of a person, in words; null: nothing that can be recognised. */
export function personalText(text: string, own: readonly string[]): string | null {
  for (const found of text.matchAll(ANNOUNCED)) {
    const kind = (['name', 'birth', 'id'] as const).find((one) => found.groups?.[one] !== undefined);
    const rest = text.slice(found.index + found[0].length, found.index + found[0].length + 400), between = BETWEEN.exec(rest)?.[0] ?? '';
    if (kind === undefined || !SIGN.test(between)) continue;
    const value = VALUE.exec(rest.slice(between.length))?.[0] ?? '';
    // The next line or attribute is no value of this one.
    if (!/[\n\r]/.test(between.replace(/>\s+</g, '><').trimStart()) && identifies(kind, value, own)) return MEANING[kind];
  }
  for (const [name] of text.matchAll(DICOM_NAME)) if (identifies('name', name, own)) return 'a name as DICOM writes it (FAMILY^GIVEN)';
  return null;
}

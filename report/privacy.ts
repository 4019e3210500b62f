/**
 * Pseudonyms. The report is passed around, so it names no participant: the n-th of a cohort in the order of the identifiers
 * (those analysed and those left out together) is "participant n of COHORT". results.json keeps the identifiers.
 */
import type { ReportInput } from './types.js';

export interface Pseudonyms {
  of(cohort: string, id: string): string;
  /** Text written by the run (a reason, a doubt) with every identifier in it replaced. */
  redact(text: string, cohort?: string): string;
}

/** Identifiers by cohort, sorted: their places are the numbers that the report gives them. */
export function participantsOf({ results, participants = [], indices = [], glx = [], spectra = [] }: ReportInput): [cohort: string, ids: string[]][] {
  const found = new Map<string, Set<string>>();
  const add = (cohort: string, id: string): void => {
    if (!found.has(cohort)) found.set(cohort, new Set());
    found.get(cohort)?.add(id);
  };
  for (const row of [...participants, ...glx, ...spectra]) add(row.cohort, row.participant);
  for (const row of indices) add(row.cohort, row.participant);
  for (const [name, cohort] of Object.entries(results.cohorts)) {
    for (const row of [...cohort.excluded, ...(cohort.glx?.excluded ?? []), ...(cohort.assumptions ?? []).flatMap((one) => one.influence.influential)]) add(name, row.id);
  }
  return [...found].map(([cohort, ids]) => [cohort, [...ids].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))]);
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Finds identifiers as whole words. One that is only digits looks like any count, so it needs "participant" or a path around it. */
function pattern(ids: readonly string[]): RegExp | null {
  const alternatives = (chosen: readonly string[]): string => [...chosen].sort((a, b) => b.length - a.length).map(escapePattern).join('|');
  const words = ids.filter((id) => id !== '' && !/^\d+$/.test(id));
  const digits = ids.filter((id) => /^\d+$/.test(id));
  const parts: string[] = [];
  if (words.length > 0) parts.push(`(?<![\\p{L}\\p{N}])(?<word>${alternatives(words)})(?![\\p{L}\\p{N}])`);
  if (digits.length > 0) {
    parts.push(`(?<=(?:participant|subject|id|sub)[ -:]{1,2}|[/_\\\\])(?<digits>${alternatives(digits)})(?![\\p{L}\\p{N}])`);
    parts.push(`(?<![\\p{L}\\p{N}.])(?<before>${alternatives(digits)})(?=[/_\\\\])`);
  }
  return parts.length === 0 ? null : new RegExp(parts.join('|'), 'giu');
}

/** With `identifiers` the names are the identifiers themselves. */
export function pseudonyms(input: ReportInput): Pseudonyms {
  return pseudonymsOf(input.identifiers === true ? null : participantsOf(input));
}

/** `participants`: what `participantsOf` told; null: the names are the identifiers themselves. */
export function pseudonymsOf(participants: readonly (readonly [cohort: string, ids: readonly string[]])[] | null): Pseudonyms {
  if (participants === null) return { of: (cohort, id) => `${id} (${cohort})`, redact: (text) => text };
  const cohorts = new Map(participants);
  const numbers = new Map<string, { cohort: string; number: number }[]>();
  for (const [cohort, ids] of cohorts) {
    ids.forEach((id, index) => {
      const key = id.toLowerCase();
      numbers.set(key, [...(numbers.get(key) ?? []), { cohort, number: index + 1 }]);
    });
  }
  const finder = pattern([...cohorts.values()].flat());

  function nameOf(id: string, text: string, cohort: string | undefined): { cohort: string; number: number } | null {
    const known = numbers.get(id.toLowerCase()) ?? [];
    const wanted = known.filter((one) => one.cohort === cohort || (cohort === undefined && text.includes(one.cohort)));
    return wanted[0] ?? (known.length === 1 ? known[0] ?? null : null);
  }

  function redact(text: string, cohort?: string): string {
    if (finder === null) return text;
    const replaced = text.replace(finder, (id: string, ...rest: unknown[]) => {
      const offset = rest.find((part) => typeof part === 'number') as number;
      const name = nameOf(id, text, cohort);
      const around = `${text[offset - 1] ?? ''}${text[offset + id.length] ?? ''}`;
      if (/[/\\_]|^\.|\.[a-z]/i.test(around)) return name === null ? '[participant]' : `[participant-${name.number}]`;
      return name === null ? 'a participant' : `participant ${name.number} of ${name.cohort}`;
    });
    return tidy(replaced);
  }

  const places = new Map([...cohorts].map(([cohort, ids]) => [cohort, new Map(ids.map((id, index) => [id, index + 1]))]));
  const of = (cohort: string, id: string): string => {
    const number = places.get(cohort)?.get(id);
    return number === undefined ? `a participant of ${cohort}` : `participant ${number} of ${cohort}`;
  };
  return { of, redact };
}

/** "participant participant 3 of tokyo of tokyo" -> "participant 3 of tokyo"; a capital at the start stays one. */
function tidy(text: string): string {
  return text
    .replace(/\b(participant|subject)s?:? (?=(?:a )?participant\b)/gi, (_, word: string) => (word.startsWith(word.charAt(0).toUpperCase()) ? '\u0001' : ''))
    .replace(/\u0001(a )?participant/g, (_, article: string | undefined) => (article === undefined ? 'Participant' : 'A participant'))
    .replace(/(articipant \d+ of )(\S+) (?:of \2|\(\2\)|in \2)(?![\p{L}\p{N}])/gu, '$1$2')
    .replace(/^participant (?=\d)/, 'Participant ');
}

/** Names that columns of participants bear in real studies. They are suggested in messages and by `sulcus init`; none is ever taken without being named. */

const FAMILIES: Readonly<Record<string, RegExp>> = {
  participant_id: /^(participant|subject|subj|sub|patient|scan|file)?_?(id|number|no|code)?$/,
  age: /^(age|alter)(_.*)?$|_age$/,
  sex: /^(sex|gender|geschlecht)(_.*)?$/,
  group: /^(group|diagnosis|diagnostic_group|dx|dx_group|patient_group|research_group|phenotype|status|arm|cohort)(_.*)?$/,
};

/** The columns that probably hold what `wanted` (participant_id, id, age, sex, group) asks for, in table order; none for other names. */
export function suggestColumns(wanted: string, columns: readonly string[]): string[] {
  const norm = (name: string): string => name.slice(0, 100).trim().replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase().replace(/[\s.-]+/g, '_');
  const key = norm(wanted) === 'id' ? 'participant_id' : norm(wanted);
  const same = columns.filter((c) => norm(c) === norm(wanted));
  const family = Object.hasOwn(FAMILIES, key) ? (FAMILIES[key] as RegExp) : null;
  return [...new Set([...same, ...(family === null ? [] : columns.filter((c) => c.trim() !== '' && family.test(norm(c))))])];
}

/** Two sets of parameters compared field by field, in words: `covariates: [age, sex] -> [age]`. Pure. */

export interface ParameterChange {
  /** Dotted path, e.g. `factorization.ranks`. */
  name: string;
  /** As JSON; undefined: not set. */
  before: unknown;
  now: unknown;
}

/** Longest text of one value. */
const VALUE_LENGTH = 60;

/** Every leaf that differs, in the order of `now`, then what only `before` has. Lists of plain values are leaves; lists of objects are compared entry by entry when equally long. */
export function parameterChanges(before: unknown, now: unknown, path = ''): ParameterChange[] {
  if (isObject(before) && isObject(now)) return members(before, now, path);
  if (isObjects(before) && isObjects(now) && before.length === now.length) {
    return now.flatMap((value, i) => parameterChanges(before[i], value, `${path}.${nameOf(value) ?? i + 1}`));
  }
  return same(before, now) ? [] : [{ name: path, before, now }];
}

function members(before: Record<string, unknown>, now: Record<string, unknown>, path: string): ParameterChange[] {
  const names = [...Object.keys(now), ...Object.keys(before).filter((name) => !(name in now))];
  return names.flatMap((name) => parameterChanges(before[name], now[name], path === '' ? name : `${path}.${name}`));
}

/** `covariates: [age, sex] -> [age]`; a value too long to show is only said to differ. */
export function changeText({ name, before, now }: ParameterChange): string {
  if (isObjects(before) && isObjects(now) && before.length + now.length > 0) return `${name}: ${before.length} -> ${now.length} entries`;
  return `${name}: ${valueText(before)} -> ${valueText(now)}`;
}

export function valueText(value: unknown): string {
  const text = render(value);
  return text.length <= VALUE_LENGTH ? text : `${text.slice(0, VALUE_LENGTH - 1)}…`;
}

function render(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return `[${value.map(render).join(', ')}]`;
  if (isObject(value)) return `{${Object.entries(value).map(([k, v]) => `${k}: ${render(v)}`).join(', ')}}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Entries of a list are known by their name, where they have one. */
function nameOf(value: Record<string, unknown>): string | null {
  const name = value['name'] ?? value['measure'];
  return typeof name === 'string' ? name : null;
}

/** Equal as JSON; a member that is undefined is one that is not there, and null is none. */
function same(a: unknown, b: unknown): boolean {
  return stable(a) === stable(b);
}

function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (isObject(value)) return `{${Object.entries(value).filter(([, v]) => v !== undefined).sort(([x], [y]) => (x < y ? -1 : 1)).map(([k, v]) => `${k}:${stable(v)}`).join(',')}}`;
  return JSON.stringify(value ?? null);
}

function isObjects(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.every(isObject);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Model matrices from plain formulas. The intercept is implied and never a column. Software convention: R's model.matrix with
 * contr.treatment (reference = first level) or contr.sum (last level = -1), its order of terms (main effects first, variables of an
 * interaction in the order of the formula) and its names of columns.
 */
import { StatisticsError } from './errors.js';
import { standardise } from './least-squares.js';
import { column, isNumeric, levelsOf, numbers, type Table } from './table.js';

/** A column, or an interaction of columns. */
export type Term = string | readonly string[];

/** `response ~ 1 + terms`, e.g. { response: 'md', terms: ['group', 'age', 'sex', ['glx', 'group']] }. */
export interface Formula {
  response: string;
  terms: readonly Term[];
}

export interface DesignOptions {
  /** Columns taken as factors even if numeric. Columns of text always are. */
  factors?: readonly string[];
  /** Columns that must be numeric: text in them is an error. */
  numeric?: readonly string[];
  /** Order of levels by column; the others follow by code point. Default: by code point. */
  levels?: Readonly<Record<string, readonly string[]>>;
  coding?: 'treatment' | 'sum';
}

export interface Variable {
  name: string;
  kind: 'numeric' | 'factor';
  /** Of a factor: levels present, their counts, and each level's coding row. */
  levels: string[];
  counts: number[];
  codes: number[][];
  /** Of a factor: each row's level, as its place among the levels. */
  rows: number[];
  /** Of a numeric variable. */
  mean: number;
  columns: Float64Array[];
  /** R's name of each column (`sexmale`; `sex1` with sum-to-zero coding), and the one messages use (`sex[male]`). */
  names: string[];
  labels: string[];
}

export interface DesignTerm {
  /** Variables joined by ':'. */
  name: string;
  variables: string[];
  /** Columns first .. first + size - 1 of the design. */
  first: number;
  size: number;
}

export interface Design {
  n: number;
  variables: Map<string, Variable>;
  terms: DesignTerm[];
  columns: Float64Array[];
  names: string[];
  labels: string[];
}

const variablesOf = (term: Term): string[] => (typeof term === 'string' ? [term] : [...term]);
const key = (variables: readonly string[]): string => [...variables].sort().join('\u0000');

/** Every column a formula needs, response first. */
export const formulaColumns = (formula: Formula): string[] => [...new Set([formula.response, ...formula.terms.flatMap(variablesOf)])];

/**
 * The model matrix of complete rows. Throws UNKNOWN_COLUMN, NOT_NUMERIC, SINGLE_LEVEL_FACTOR, GROUP_TOO_SMALL, DUPLICATE_TERM, and
 * MISSING_MARGIN for an interaction whose main effects (or lower interactions) are not in the formula.
 */
export function buildDesign(table: Table, terms: readonly Term[], options: DesignOptions = {}): Design {
  const design: Design = { n: 0, variables: new Map(), terms: [], columns: [], names: [], labels: [] };
  const seen = new Set<string>(), appearance = [...new Set(terms.flatMap(variablesOf))];
  const ordered = terms.map((term) => variablesOf(term).sort((a, b) => appearance.indexOf(a) - appearance.indexOf(b)));
  for (const variables of ordered.sort((a, b) => a.length - b.length)) {
    const name = variables.join(':');
    if (seen.has(key(variables)) || new Set(variables).size < variables.length) throw new StatisticsError('DUPLICATE_TERM', `the term '${name}' repeats a variable or another term`, { column: variables[0]! });
    seen.add(key(variables));
    for (const v of variables) if (!design.variables.has(v)) design.variables.set(v, makeVariable(table, v, options));
    if (variables.length > 1) checkInteraction(design, table, variables, seen);
    const first = design.columns.length, parts = productOf(variables.map((v) => design.variables.get(v)!));
    for (const { values, name: column, label } of parts) { design.columns.push(values); design.names.push(column); design.labels.push(label); }
    design.terms.push({ name, variables, first, size: parts.length });
  }
  design.n = design.columns[0]?.length ?? Object.values(table)[0]?.length ?? 0;
  return design;
}

interface Part {
  values: Float64Array;
  name: string;
  label: string;
}

/** Columns of a term: products of its variables' columns, those of the first variable moving fastest. */
function productOf([head, ...rest]: Variable[]): Part[] {
  const parts = (v: Variable): Part[] => v.columns.map((values, j) => ({ values, name: v.names[j]!, label: v.labels[j]! }));
  return rest.reduce((soFar, next) => parts(next).flatMap((b) => soFar.map((a) => ({
    values: a.values.map((v, i) => v * b.values[i]!), name: `${a.name}:${b.name}`, label: `${a.label}:${b.label}`,
  }))), parts(head!));
}

function makeVariable(table: Table, name: string, options: DesignOptions): Variable {
  const values = column(table, name);
  if (options.numeric?.includes(name) || (isNumeric(values) && !options.factors?.includes(name))) {
    const x = numbers(table, name);
    return { name, kind: 'numeric', levels: [], counts: [], codes: [], rows: [], mean: standardise(x).mean, columns: [x], names: [name], labels: [name] };
  }
  const levels = levelsOf(values, options.levels?.[name]);
  if (levels.length < 2) throw new StatisticsError('SINGLE_LEVEL_FACTOR', `'${name}' has only the level '${levels[0] ?? ''}' among the ${values.length} rows analysed`, { column: name, ...(levels[0] === undefined ? {} : { group: levels[0] }) });
  const sum = options.coding === 'sum', last = levels.length - 1;
  const coded = sum ? levels.slice(0, last) : levels.slice(1);
  const codes = levels.map((level, i) => coded.map((c) => (c === level ? 1 : sum && i === last ? -1 : 0)));
  const place = new Map(levels.map((level, i) => [level, i]));
  const rows = values.map((v) => place.get(String(v))!);
  return {
    name, kind: 'factor', levels, counts: levels.map((_, i) => rows.filter((r) => r === i).length), codes, rows, mean: 0,
    columns: coded.map((_, j) => Float64Array.from(rows, (r) => codes[r]![j]!)),
    names: coded.map((level, j) => (sum ? `${name}${j + 1}` : `${name}${level}`)), labels: coded.map((level) => `${name}[${level}]`),
  };
}

/** An interaction needs its margins; with a numeric variable every level needs a slope of its own, so two rows. */
function checkInteraction(design: Design, table: Table, variables: string[], seen: ReadonlySet<string>): void {
  for (let mask = 1; mask < 2 ** variables.length - 1; mask++) {
    const margin = variables.filter((_, i) => mask & (1 << i));
    if (!seen.has(key(margin))) throw new StatisticsError('MISSING_MARGIN', `the interaction '${variables.join(':')}' needs the term '${margin.join(':')}' in the model`, { column: margin[0]! });
  }
  const used = variables.map((v) => design.variables.get(v)!);
  const slope = used.find((v) => v.kind === 'numeric');
  if (slope === undefined) return;
  for (const factor of used.filter((v) => v.kind === 'factor')) {
    factor.levels.forEach((level, i) => {
      const x = slope.columns[0]!.filter((_, row) => String(column(table, factor.name)[row]) === level);
      if (x.every((value) => value === x[0])) throw new StatisticsError('GROUP_TOO_SMALL', `group '${level}' of '${factor.name}' has ${factor.counts[i] === 1 ? 'one row' : 'no spread'} in '${slope.name}': it has no slope of its own`, { column: slope.name, group: level });
    });
  }
}

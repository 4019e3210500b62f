/**
 * Analysis of covariance: F tests of terms. Type I sequential in the order of the formula; type II each term after all terms that do not
 * contain it; type III each term after all others, with sum-to-zero coding of every factor. All types use the full model's residual
 * variance. Software convention: R's anova (I) and car::Anova (II; III with contr.sum).
 */
import { buildDesign, type Design, type DesignOptions, type DesignTerm, type Formula, type Term } from './design.js';
import { fUpper } from './distributions.js';
import { StatisticsError } from './errors.js';
import { blockSquares, centredResponse, factorise, fitCentred, requireResidual, type Factorisation, type LeastSquaresFit } from './least-squares.js';
import { analysedRows } from './linear-model.js';
import type { CompleteRows, Table } from './table.js';

export type SumsOfSquares = 'I' | 'II' | 'III';

export interface AncovaOptions extends Omit<DesignOptions, 'coding'> {
  /** Default II. */
  type?: SumsOfSquares;
}

export interface TermTest {
  /** Variables joined by ':'. */
  term: string;
  sumOfSquares: number;
  F: number;
  df1: number;
  df2: number;
  p: number;
  /** SS / (SS + residual SS). */
  partialEtaSquared: number;
}

/** A design whose factorisations are ready, for any number of responses on the same rows. */
export interface PreparedAncova {
  design: Design;
  factorisation: Factorisation;
  /** One factorisation a term, and the block that is the term's. */
  tests: { term: DesignTerm; factorisation: Factorisation; block: number }[];
}

export interface AncovaFit {
  terms: TermTest[];
  fit: LeastSquaresFit;
}

export interface Ancova {
  n: number;
  leftOut: CompleteRows['leftOut'];
  type: SumsOfSquares;
  /** Main effects first, as R orders them. */
  terms: TermTest[];
  residual: { sumOfSquares: number; df: number; meanSquare: number };
}

/** Factorises the model of complete rows. `only`: names of the terms to test, all by default. Throws as buildDesign and factorise do. */
export function prepareAncova(table: Table, terms: readonly Term[], options: AncovaOptions = {}, only?: readonly string[]): PreparedAncova {
  const type = options.type ?? 'II';
  const design = buildDesign(table, terms, { ...options, coding: type === 'III' ? 'sum' : 'treatment' });
  const all = design.terms;
  const whole = ordered(design, [all]);
  const wanted = all.filter((term) => only === undefined || only.includes(term.name));
  const sequential = type === 'I' ? ordered(design, all.map((t) => [t])) : null;
  const tests = wanted.map((term) => {
    if (sequential !== null) return { term, factorisation: sequential, block: all.indexOf(term) };
    const after = type === 'II' ? all.filter((t) => t !== term && contains(t, term)) : [];
    const before = all.filter((t) => t !== term && !after.includes(t));
    return { term, factorisation: ordered(design, [before, [term], after]), block: 1 };
  });
  return { design, factorisation: whole, tests };
}

const contains = (outer: DesignTerm, inner: DesignTerm): boolean => inner.variables.every((v) => outer.variables.includes(v));

function ordered(design: Design, groups: DesignTerm[][]): Factorisation {
  const places = groups.map((terms) => terms.flatMap((t) => Array.from({ length: t.size }, (_, j) => t.first + j)));
  const order = places.flat();
  return factorise(order.map((j) => design.columns[j]!), order.map((j) => design.labels[j]!), design.n, places.map((p) => p.length));
}

/** Tests one response (n values in the prepared rows' order; `name` for errors). Throws CONSTANT_RESPONSE, PERFECT_FIT, NON_FINITE. */
export function testAncova(prepared: PreparedAncova, y: Float64Array, name: string): AncovaFit {
  const centred = centredResponse(y, name), fit = fitCentred(prepared.factorisation, centred, name);
  requireResidual(fit, name);
  const squares = new Map<Factorisation, number[]>();
  const terms = prepared.tests.map(({ term, factorisation, block }): TermTest => {
    const blocks = squares.get(factorisation) ?? blockSquares(factorisation, centred);
    squares.set(factorisation, blocks);
    const sumOfSquares = blocks[block]!;
    const F = sumOfSquares / term.size / fit.variance;
    return { term: term.name, sumOfSquares, F, df1: term.size, df2: fit.dfResidual, p: fUpper(F, term.size, fit.dfResidual), partialEtaSquared: sumOfSquares / (sumOfSquares + fit.residual) };
  });
  return { terms, fit };
}

/** Listwise deletion over the formula's columns, then the tests of its terms. Throws StatisticsError (see errors.ts). */
export function ancova(table: Table, formula: Formula, options: AncovaOptions = {}): Ancova {
  const { table: rows, n, leftOut, y } = analysedRows(table, formula);
  const { terms, fit } = testAncova(prepareAncova(rows, formula.terms, options), y, formula.response);
  return { n, leftOut, type: options.type ?? 'II', terms, residual: { sumOfSquares: fit.residual, df: fit.dfResidual, meanSquare: fit.variance } };
}

/** The test of one term; the variables of an interaction in any order. Throws UNKNOWN_COLUMN. */
export function termTest(fit: Pick<AncovaFit, 'terms'>, name: string): TermTest {
  const same = (term: string): boolean => term.split(':').sort().join() === name.split(':').sort().join();
  const found = fit.terms.find((t) => t.term === name) ?? fit.terms.find((t) => same(t.term));
  if (found === undefined) throw new StatisticsError('UNKNOWN_COLUMN', `the model has no term '${name}': it has ${fit.terms.map((t) => `'${t.term}'`).join(', ')}`, { column: name });
  return found;
}

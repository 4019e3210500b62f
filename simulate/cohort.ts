/** A whole cohort without files: participants, values of the true components, clinical measures. */
import { SimulationError } from './errors.js';
import { designFor } from './design.js';
import { drawValues, type CohortValues, type Effect, type Person } from './effects.js';
import { drawClinical, drawPeople, type Clinical } from './people.js';

export interface SimulatedCohort extends CohortValues {
  name: string;
  /** Prefix of the CIVET files. */
  prefix: string;
  groups: string[];
  ids: string[];
  people: Person[];
  clinical: Clinical[];
}

const PREFIXES: Record<string, string> = { tokyo: 'TKY', toronto: 'TOR' };

/**
 * Draws a cohort from a seed. The same seed, name, size and effect give the same cohort; cohorts of one seed are independent.
 * @throws SimulationError BAD_COHORT (a name that is no folder name, or too few participants)
 */
export function simulateCohort(name: string, size: number, options: { seed: number; effect: Effect }): SimulatedCohort {
  if (!/^[a-z][a-z0-9_-]{0,31}$/i.test(name) || name === 'atlas' || name === 'truth' || name === 'results') {
    throw new SimulationError('BAD_COHORT', `"${name}" cannot name a cohort`, { remedy: 'Use letters, digits, - and _, beginning with a letter, and not atlas, truth or results.' });
  }
  const design = designFor(name);
  const stream = `${options.seed}/simulate/${name}`;
  const people = drawPeople(design, size, stream);
  const prefix = PREFIXES[name] ?? name.replace(/[^a-z0-9]/gi, '').slice(0, 6).toUpperCase();
  const width = Math.max(3, String(size).length);
  const values = drawValues(design, people, options.effect, stream);
  return {
    name, prefix, groups: design.groups.map((g) => g.name), people, ids: people.map((_, i) => `sub-${prefix}${String(i + 1).padStart(width, '0')}`),
    clinical: drawClinical(people, values, options.effect, stream), ...values,
  };
}

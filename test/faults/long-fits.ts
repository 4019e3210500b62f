/** A study whose fits take seconds each: iterations that never stop by themselves. */
import { smallStudy, type SmallStudy } from '../workflow/harness.js';

export function longFits(splits: number, iterations: number): Promise<SmallStudy> {
  return smallStudy({
    meshLevel: 4, ranks: [4, 4], splits, cohorts: [{ name: 'tokyo', size: 24 }],
    edit: [['solver: accelerated, tolerance: 1e-4', `solver: multiplicative, tolerance: 1e-300, max_iterations: ${iterations}`]],
  });
}

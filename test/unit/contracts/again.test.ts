/** Which steps a rerun asks for. */
import { describe, expect, it } from 'vitest';
import { describeAgain, isAskedFor, isKindAskedFor, RERUN_STAGES, type Again, type RerunStage } from '../../../contracts/again.js';

const again = (stage: RerunStage, cohorts: string[] | null = null): Again => ({ stage, cohorts, by: null });

describe('a rerun', () => {
  it('asks for the stage and what follows, and for nothing before it', () => {
    const asked = (stage: RerunStage): string[] => RERUN_STAGES.filter((step) => isAskedFor(again(stage), step, null));
    expect(asked('ingest')).toEqual([...RERUN_STAGES]);
    expect(asked('fit')).toEqual(RERUN_STAGES.filter((s) => s !== 'ingest'));
    expect(asked('rank')).toEqual(['rank', 'match', 'indices', 'statistics', 'bootstrap', 'report']);
    expect(asked('surrogates')).toEqual(['surrogates', 'report']);
    expect(asked('statistics')).toEqual(['statistics', 'bootstrap', 'report']);
    expect(asked('report')).toEqual(['report']);
  });

  it('of one cohort leaves the others alone, and asks for what belongs to all', () => {
    const tokyo = again('fit', ['tokyo']);
    expect(['tokyo', 'toronto', null].map((cohort) => isAskedFor(tokyo, 'fit', cohort))).toEqual([true, false, true]);
    expect(isAskedFor(tokyo, 'match', null)).toBe(true);
  });

  it('does not touch the surface for fits, nor what only travels, nor anything when there is none', () => {
    expect(['modes', 'null', 'fit', 'dataset', 'evidence'].map((kind) => isKindAskedFor(again('fit'), kind as 'fit', null))).toEqual([false, true, true, false, false]);
    expect(isKindAskedFor(again('surrogates'), 'modes', null)).toBe(true);
    expect(isAskedFor(undefined, 'fit', null)).toBe(false);
  });

  it('is told in words', () => {
    expect([describeAgain(again('fit', ['tokyo'])), describeAgain(again('report'))]).toEqual(['fit of tokyo and what follows', 'report']);
  });
});

import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../report/index.js';
import { completeStudy } from './example.js';
import { section, text } from './page.js';

/** The example after a run with other parameters, whose results the present ones replaced. */
function rerun(change: (previous: ReturnType<typeof completeStudy>['results']) => void): string {
  const previous = completeStudy().results;
  previous.run.runId = 'run-0001';
  change(previous);
  return renderReport({ ...completeStudy(), previous });
}

describe('what changed since the last run', () => {
  it('is not told of a first run, nor of the same run published twice', () => {
    expect(renderReport(completeStudy())).not.toContain('<section id="changes">');
    const { results } = completeStudy();
    expect(renderReport({ ...completeStudy(), previous: results })).not.toContain('<section id="changes">');
  });

  it('says so when nothing did', () => {
    const changes = text(section(rerun(() => undefined), 'changes'));
    expect(changes).toContain('No parameter differs');
    expect(changes).toContain('No group effect has another verdict');
    expect(changes).not.toMatch(/\bno\b(?! )/);
  });

  it('names parameters, numbers and verdicts that differ, then and now', () => {
    const page = rerun((previous) => {
      previous.parameters.covariates = ['age'];
      previous.cohorts['tokyo']!.subjects = 70;
      Object.assign(previous.cohorts['tokyo']!.ancova[0]!, { significant: false, pAdjusted: 0.31 });
    });
    const changes = text(section(page, 'changes'));
    expect(changes).toContain('covariates: [age] -> [age, sex]');
    expect(changes).toMatch(/participants of tokyo\s*70\s*73\s*no/);
    expect(section(page, 'changes')).toContain('<data value="0.31">0.310</data>');
    expect(section(page, 'changes').match(/<tr class="strong"/g)).toHaveLength(1);
  });

  it('does not compare components of different solutions', () => {
    expect(text(section(rerun((previous) => { previous.rank.chosen = 3; }), 'changes'))).toContain('The number of components differs');
  });
});

import { describe, expect, it } from 'vitest';
import { markdownOf, renderReport } from '../../../report/index.js';
import { completeStudy } from './example.js';
import { section, text } from './page.js';

describe('pipelines in the report', () => {
  const study = completeStudy(), page = renderReport(study), [tokyo, toronto] = Object.values(study.results.cohorts).map((cohort) => cohort.subjects);

  it('methods say which programs were run for how many, and provenance has a row a step and cohort with its command', () => {
    expect(text(section(page, 'methods')).replace(/\s+/g, ' ')).toContain(`The pipeline mrtrix3-dti (mrtrix3 3.0.3) was run for ${tokyo} participants of tokyo and ${toronto} participants of toronto: denoise and metrics. The commands are under Provenance.`);
    const rows = markdownOf(page).split('\n').filter((line) => line.startsWith('| mrtrix3-dti |'));
    expect(rows).toHaveLength(4);
    expect(rows[0]).toContain(`| denoise | tokyo | mrtrix3 3.0.3 | dwidenoise {input:dwi} {output:dwi} -nthreads {threads} | ${tokyo} | 1 | ${tokyo! - 1} |`);
    // Where the laboratory keeps a program is not told.
    expect(rows[1]).toContain('| tensor2metric {denoise:dwi} -fa {output:fa} |');
  });

  it('methods say of whom files were there already', () => {
    const pipelines = study.results.pipelines!.map((one, i) => ({ ...one, steps: one.steps.map((step, j) => (i === 0 && j === 0 ? { ...step, existing: 3 } : step)) }));
    const told = text(section(renderReport({ ...study, results: { ...study.results, pipelines } }), 'methods')).replace(/\s+/g, ' ');
    expect(told).toContain('denoise and metrics. Files that were there before were taken as outputs instead: those of denoise of 3 participants of tokyo. The commands are under Provenance.');
  });

  it('are not spoken of where there are none', () => {
    const { pipelines: _, ...results } = study.results;
    expect(renderReport({ ...study, results })).not.toMatch(/pipeline/i);
  });
});

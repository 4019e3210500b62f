/** A small study whose pipeline of a lab's own program is looked at by a person after its first step; each step makes a picture too. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ParticipantFolder } from '../../activities/imaging/folder.js';
import { ratingOf, writeRating } from '../../activities/imaging/ratings.js';
import { readRecord } from '../../activities/imaging/record.js';
import type { RatingValue } from '../../contracts/pipelines.js';
import { pipelineStudy, type PipelineStudy } from '../workflow/pipeline-study.js';

/** A PNG of one grey point. */
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOoBwAAgQCB5Sz5dQAAAABJRU5ErkJggg==';

export interface ReviewStudy extends PipelineStudy {
  /** A path in a participant's folder of outputs. */
  of(cohort: string, id: string, ...names: string[]): string;
  /** Rates a finished step, as `sulcus rate` writes it. Nobody is told. */
  rate(cohort: string, id: string, rating: RatingValue, step?: string): Promise<void>;
  /** Replaces text in the study file. */
  edit(from: string, to: string): void;
}

/** `review`: steps that are reviewed, in the study file. */
export async function reviewStudy(cohorts: { name: string; size: number }[], review = 'review: [correct]'): Promise<ReviewStudy> {
  const study = await pipelineStudy(cohorts), lab = join(study.directory, 'lab');
  const replace = (file: string, from: string, to: string): void => {
    const text = readFileSync(file, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no "${from}"`);
    writeFileSync(file, text.replaceAll(from, to));
  };
  replace(join(lab, 'lab-scan'), "console.log('100%');", `fs.writeFileSync(to[to.length - 1], Buffer.from('${PICTURE}', 'base64'));\nconsole.log('100%');`);
  replace(join(lab, 'scan.yaml'), "'{output:scan}']\n    outputs: { scan: corrected.json }", "'{output:scan}', '{output:look}']\n    outputs: { scan: corrected.json, look: look.png }\n    sheet: { picture: '{output:look}' }");
  replace(join(lab, 'scan.yaml'), "'{parameter:digits}']\n    outputs: { left: left.txt, right: right.txt }", "'{parameter:digits}', '{output:look}']\n    outputs: { left: left.txt, right: right.txt, look: look.png }\n    sheet: { picture: '{output:look}' }");
  const edit = (from: string, to: string): void => replace(study.file, from, to);
  edit('inputs: { scan:', `${review}\n    inputs: { scan:`);
  const of = (cohort: string, id: string, ...names: string[]): string => join(study.directory, cohort, 'derivatives', 'lab-scan', id, ...names);
  return {
    ...study, of, edit,
    async rate(cohort, id, rating, step = 'correct') {
      const folder = new ParticipantFolder(of(cohort, id)), record = await readRecord(folder.of(step));
      if (record === null) throw new Error(`${id} has not finished ${step}`);
      await writeRating(folder.path, ratingOf(record, { rating, note: null, by: 'A. Reviewer', at: new Date().toISOString() }));
    },
  };
}

import type { SurveyedSubject } from '../ingest/survey.js';
import { readMarks, unfinishedStages, type Marks } from './marks.js';

/** Marks of all participants of a cohort, read when the first new one asks. */
export class CohortMarks {
  private all: Promise<Map<string, Marks | null>> | null = null;

  constructor(private readonly subjects: readonly Pick<SurveyedSubject, 'id' | 'located'>[]) {}

  /** Stages that a participant should have finished and has not. */
  async unfinished(id: string): Promise<string[]> {
    this.all ??= this.read();
    const all = await this.all;
    return unfinishedStages(all.get(id) ?? null, [...all].flatMap(([other, marks]) => (other === id || marks === null ? [] : [marks])));
  }

  private async read(): Promise<Map<string, Marks | null>> {
    const all = new Map<string, Marks | null>();
    for (const { id, located } of this.subjects) {
      const file = located.find((l) => l.file !== null)?.file?.path;
      all.set(id, file === undefined ? null : await readMarks(id, file));
    }
    return all;
  }
}

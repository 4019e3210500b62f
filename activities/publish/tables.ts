/** The files beside results.json from which every number in it can be recomputed. */
import type { StudySpec } from '../../contracts/study.js';
import type { StudyResults } from '../../contracts/results.js';
import { writeTsv } from '../../formats/index.js';
import type { IndexRow, ParticipantRow } from '../../report/index.js';
import { participantTable } from '../statistics.js';
import type { CohortMaterial } from './results.js';

/** Path in the results folder and content. */
export type ResultFile = [path: string, content: string | Uint8Array];

function participantRows(cohorts: CohortMaterial[]): ParticipantRow[] {
  return cohorts.flatMap((c) => c.dataset.subjects.map((s) => ({ cohort: c.cohort, participant: s.id, group: s.group, age: s.age, sex: s.sex })));
}

function indexRows(cohorts: CohortMaterial[]): IndexRow[] {
  return cohorts.flatMap((c) => (c.indices ?? []).flatMap((index) => index.values.flatMap((value, s) => (value === null ? [] : [{
    cohort: c.cohort, participant: (c.dataset.subjects[s] as CohortMaterial['dataset']['subjects'][number]).id,
    component: index.component, metric: c.dataset.metrics[index.metric] as string, value,
  }]))));
}

export function tableFiles(cohorts: CohortMaterial[], results: StudyResults, spec: StudySpec): ResultFile[] {
  const files: ResultFile[] = [];
  const table = (name: string, columns: string[], rows: (string | number | boolean | null)[][]): void => { files.push([`tables/${name}.tsv`, writeTsv(columns, rows)]); };
  table('participants', ['cohort', 'participant', 'group', 'age', 'sex'], participantRows(cohorts).map((p) => [p.cohort, p.participant, p.group, p.age ?? null, p.sex ?? null]));
  table('indices', ['cohort', 'participant', 'component', 'metric', 'value'], indexRows(cohorts).map((r) => [r.cohort, r.participant, r.component, r.metric, r.value]));
  table('splits', ['cohort', 'split', 'participant', 'half'], cohorts.flatMap((c) => c.dataset.splits.flatMap((split, i) => (['A', 'B'] as const).flatMap((half) =>
    split[half].map((s) => [c.cohort, i + 1, (c.dataset.subjects[s] as CohortMaterial['dataset']['subjects'][number]).id, half])))));
  table('exclusions', ['cohort', 'participant', 'code', 'reason', 'file', 'line', 'remedy', 'by', 'at'], cohorts.flatMap((c) =>
    c.dataset.excluded.map((e) => [c.cohort, e.id, e.code ?? null, e.reason, e.file ?? null, e.line ?? null, e.remedy ?? null, e.by ?? null, e.at ?? null])));
  if (spec.spectroscopy !== null) {
    table('spectra', ['cohort', 'participant', 'concentration', 'snr', 'fwhm_hz', 'sd_percent', 'excluded', 'near_limit', 'csf_fraction'], cohorts.flatMap((c) => {
      const { excluded = [], nearLimit = [] } = results.cohorts[c.cohort]?.glx ?? {};
      const reasons = new Map(excluded.map((e) => [e.id, e.reasons.join(',')])), near = new Map(nearLimit.map((n) => [n.id, n.measures.join(',')]));
      return (c.spectra?.rows ?? []).map((r) => [c.cohort, r.id, r.concentration, r.snr, r.fwhmHz, r.sdPercent, reasons.get(r.id) ?? null, near.get(r.id) ?? null, r.csf ?? null]);
    }));
  }
  for (const c of cohorts) {
    const { id: _id, ...others } = participantTable(c.dataset, spec);
    const names = Object.keys(others).filter((n) => !['group', 'age', 'sex'].includes(n));
    table(`clinical_${c.cohort}`, ['participant', ...names], c.dataset.subjects.map((s, i) => [s.id, ...names.map((n) => others[n]?.[i] ?? null)]));
  }
  return files;
}

/**
 * Results as a BIDS derivative (BIDS 1.10, "Derivatives"): dataset_description.json, participants.tsv, one table of indices a subject, and the
 * parcellations under the mesh they are on. Names of parcellations and morphometry follow the extension proposals 38 and 11; what the standard
 * does not know yet is in .bidsignore.
 */
import type { StudyResults } from '../../contracts/results.js';
import { SulcusError } from '../../contracts/errors.js';
import { readTsv, writeTsv } from '../../formats/index.js';

/** The text or bytes of a file of the results folder; null when it is not there. */
export type ReadResult = (path: string) => Uint8Array | null;
export type BidsFile = [path: string, content: string | Uint8Array];

const BIDS_VERSION = '1.10.0';

interface Row { [column: string]: string | null }

/** Every file of the derivative. Throws BAD_LABEL when two participants would have one label. */
export function bidsFiles(results: StudyResults, read: ReadResult): BidsFile[] {
  const participants = rows(read, 'participants');
  const labels = subjectLabels(participants);
  const label = (row: Row): string => labels.get(key(row)) ?? '';
  const cohorts = Object.keys(results.cohorts);
  return [
    ['dataset_description.json', json(description(results))],
    ['README.md', readme(results)],
    ['.bidsignore', 'tpl-*/\n*_morph.tsv\n*_morph.json\n'],
    ['participants.tsv', writeTsv(['participant_id', 'source_id', 'cohort', 'group', 'age', 'sex'], participants.map((r) => [`sub-${label(r)}`, r['participant'], r['cohort'], r['group'], r['age'], r['sex']]))],
    ['participants.json', json(participantsDescription(results))],
    ...indexFiles(results, rows(read, 'indices'), label),
    ...spectraFiles(results, rows(read, 'spectra'), label),
    ...cohorts.flatMap((cohort) => parcellationFiles(results, cohort, read)),
  ];
}

const key = (row: Row): string => `${row['cohort']}\t${row['participant']}`;
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const alphanumeric = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '');

function rows(read: ReadResult, name: string): Row[] {
  const path = `tables/${name}.tsv`, bytes = read(path);
  if (bytes === null) return [];
  const table = readTsv(bytes, { file: path });
  return table.rows.map(({ cells }) => Object.fromEntries(table.columns.map((c, i) => [c, cells[i] ?? null])));
}

/** BIDS labels hold letters and digits only. Where two cohorts use one label, every label begins with its cohort. */
function subjectLabels(participants: readonly Row[]): Map<string, string> {
  const bare = (row: Row): string => alphanumeric((row['participant'] ?? '').replace(/^sub-/, ''));
  const cohortsOf = new Map<string, Set<string>>();
  for (const row of participants) cohortsOf.set(bare(row), new Set([...(cohortsOf.get(bare(row)) ?? []), row['cohort'] ?? '']));
  const prefixed = [...cohortsOf.values()].some((c) => c.size > 1);
  const labels = new Map<string, string>(), seen = new Set<string>();
  for (const row of participants) {
    const label = prefixed ? `${alphanumeric(row['cohort'] ?? '')}${bare(row)}` : bare(row);
    if (label === '' || seen.has(label.toLowerCase())) {
      throw new SulcusError('BAD_LABEL', `two participants of ${row['cohort']} would be sub-${label}: BIDS labels hold letters and digits only`, { remedy: 'rename one of them in the participants table' });
    }
    seen.add(label.toLowerCase());
    labels.set(key(row), label);
  }
  return labels;
}

function description(results: StudyResults): object {
  return {
    Name: `${results.study}: parcellation and structural indices`, BIDSVersion: BIDS_VERSION, DatasetType: 'derivative',
    GeneratedBy: [{ Name: 'sulcus', Version: results.run.version, Description: `OPNMF parcellation at rank ${results.rank.chosen}, run ${results.run.runId}` }],
  };
}

function readme(results: StudyResults): string {
  return `# ${results.study}

Written by sulcus ${results.run.version} from the results of run ${results.run.runId} (${results.run.finishedAt}).

- \`sub-*/anat/*_morph.tsv\`: the mean of each metric over each component's vertices.
- \`tpl-*/\`: the components of each cohort (\`dseg\`) and their weights (\`probseg\`, as fitted: they are no probabilities), one file a hemisphere.
- \`participants.tsv\`: \`source_id\` is the id in the study's own tables.

The statistics, the report and every parameter are in the results folder this was exported from.
`;
}

function participantsDescription(results: StudyResults): object {
  return {
    source_id: { Description: 'Identifier in the study\'s participants table' }, cohort: { Description: 'Cohort', Levels: Object.fromEntries(Object.keys(results.cohorts).map((c) => [c, c])) },
    group: { Description: 'Group' }, age: { Description: 'Age', Units: 'years' }, sex: { Description: 'Sex' },
  };
}

function indexFiles(results: StudyResults, indices: readonly Row[], label: (row: Row) => string): BidsFile[] {
  const bySubject = new Map<string, Row[]>();
  for (const row of indices) bySubject.set(key(row), [...(bySubject.get(key(row)) ?? []), row]);
  const files = [...bySubject.values()].flatMap((mine): BidsFile[] => {
    const first = mine[0];
    if (first === undefined) return [];
    const name = `sub-${label(first)}`;
    return [[`${name}/anat/${name}_atlas-${atlas(first['cohort'] ?? '')}_desc-mean_morph.tsv`, writeTsv(['component', 'metric', 'value'], mine.map((r) => [r['component'], r['metric'], r['value']]))]];
  });
  if (files.length === 0) return [];
  const units = Object.fromEntries(results.parameters.metrics.map((m) => [m.name, m.unit ?? 'none']));
  return [...files, ['desc-mean_morph.json', json({ component: { Description: 'Component of the parcellation, from 1' }, metric: { Description: 'Metric' }, value: { Description: 'Mean over the component\'s vertices', Units: units } })]];
}

function spectraFiles(results: StudyResults, spectra: readonly Row[], label: (row: Row) => string): BidsFile[] {
  if (spectra.length === 0) return [];
  const glx = Object.values(results.cohorts).map((c) => c.glx).find((g) => g !== null);
  const columns = ['concentration', 'snr', 'fwhm_hz', 'sd_percent', 'excluded'];
  return [
    ['phenotype/spectroscopy.tsv', writeTsv(['participant_id', ...columns], spectra.map((r) => [`sub-${label(r)}`, ...columns.map((c) => r[c] ?? null)]))],
    ['phenotype/spectroscopy.json', json({
      MeasurementToolMetadata: { Description: `LCModel: ${glx?.metabolite ?? 'metabolite'}` },
      concentration: { Description: `Concentration; tissue correction: ${glx?.correction ?? 'none'}`, Units: glx?.tissue?.unit ?? 'as fitted' }, snr: { Description: 'Signal-to-noise ratio' },
      fwhm_hz: { Description: 'Line width', Units: 'Hz' }, sd_percent: { Description: 'Cramer-Rao lower bound in percent of the concentration' }, excluded: { Description: 'Why the spectrum was not used; n/a: it was' },
    })],
  ];
}

const atlas = (cohort: string): string => `sulcus${alphanumeric(cohort)}`;

function parcellationFiles(results: StudyResults, cohort: string, read: ReadResult): BidsFile[] {
  const sizes = results.cohorts[cohort]?.parcellation?.sizes ?? [];
  const mesh = vertexCount(read(`parcellation/${cohort}_left.txt`) ?? read(`parcellation/${cohort}_right.txt`));
  if (sizes.length === 0 || mesh === 0) return [];
  const base = `tpl-mesh${mesh}/tpl-mesh${mesh}`;
  const files = (['left', 'right'] as const).flatMap((side): BidsFile[] => {
    const hemi = `hemi-${side === 'left' ? 'L' : 'R'}`;
    const labels = read(`parcellation/${cohort}_${side}.label.gii`), weights = read(`parcellation/${cohort}_${side}_W.shape.gii`);
    return [
      ...(labels === null ? [] : [[`${base}_${hemi}_atlas-${atlas(cohort)}_dseg.label.gii`, labels] as BidsFile]),
      ...(weights === null ? [] : [[`${base}_${hemi}_atlas-${atlas(cohort)}_probseg.shape.gii`, weights] as BidsFile]),
    ];
  });
  if (files.length === 0) return [];
  return [...files, [`${base}_atlas-${atlas(cohort)}_dseg.tsv`, writeTsv(['index', 'name', 'vertices'], sizes.map((n, i) => [i + 1, `component ${i + 1}`, n]))]];
}

/** Lines of a label file: the vertices of the mesh. */
function vertexCount(bytes: Uint8Array | null): number {
  let lines = 0;
  for (let at = bytes?.indexOf(10) ?? -1; bytes !== null && at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}

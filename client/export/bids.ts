/**
 * Results as a BIDS derivative (BIDS 1.10, "Derivatives"): dataset_description.json, participants.tsv, one table of indices a subject, and the
 * parcellations under the mesh they are on. Names of parcellations and morphometry follow the extension proposals 38 and 11; what the standard
 * does not know yet is in .bidsignore. No free text of the results is taken over: reasons, notes and file names may name participants.
 */
import type { StudyResults } from '../../contracts/results.js';
import { writeTsv } from '../../formats/index.js';
import { pseudonymKeyId } from '../../security/index.js';
import { alphanumeric, namesOf } from './names.js';
import { OLDEST, participantFiles } from './participants.js';
import { programsOf } from './programs.js';
import { roCrate } from './ro-crate.js';
import { resultRows, type BidsFile, type ReadResult, type Row } from './rows.js';

const BIDS_VERSION = '1.10.0';

/**
 * Every file of the derivative. `key`: participants are named by pseudonyms under it, and whatever lists them is in the order of the pseudonyms; null:
 * by their identifiers. Throws BAD_LABEL or PSEUDONYM_COLLISION when two participants would have one label, BAD_RESULTS when tables contradict each other.
 */
export function bidsFiles(results: StudyResults, read: ReadResult, key: Uint8Array | null): BidsFile[] {
  const participants = resultRows(read, 'participants');
  const names = namesOf(participants, key), { label, inOrder } = names;
  const cohorts = Object.keys(results.cohorts);
  const files: BidsFile[] = [
    ['dataset_description.json', json(description(results))],
    ['README.md', readme(results, key)],
    ['.bidsignore', 'tpl-*/\n*_morph.tsv\n*_morph.json\nro-crate-metadata.json\n'],
    ...participantFiles(cohorts, inOrder(participants), label, key === null),
    ...indexFiles(results, inOrder(resultRows(read, 'indices')), label),
    ...spectraFiles(results, inOrder(resultRows(read, 'spectra')), label),
    ...cohorts.flatMap((cohort) => parcellationFiles(results, cohort, read)),
  ];
  return [...files, roCrate(results, read, files, names, key === null)];
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function description(results: StudyResults): object {
  return {
    Name: `${results.study}: parcellation and structural indices`, BIDSVersion: BIDS_VERSION, DatasetType: 'derivative',
    GeneratedBy: [{ Name: 'sulcus', Version: results.run.version, Description: `OPNMF parcellation at rank ${results.rank.chosen}, run ${results.run.runId}` }, ...programsOf(results)],
  };
}

function readme(results: StudyResults, key: Uint8Array | null): string {
  const who = key === null ? '`source_id` is the id in the study\'s own tables.'
    : `participants are named by pseudonyms, made under key ${pseudonymKeyId(key)} of the laboratory that wrote this; rows are in the order of the pseudonyms; ages from ${OLDEST} on are \`${OLDEST}+\`.`;
  return `# ${results.study}

Written by sulcus ${results.run.version} from the results of run ${results.run.runId} (${results.run.finishedAt}).

- \`sub-*/anat/*_morph.tsv\`: the mean of each metric over each component's vertices.
- \`tpl-*/\`: the components of each cohort (\`dseg\`) and their weights (\`probseg\`, as fitted: they are no probabilities), one file a hemisphere.
- \`participants.tsv\`: ${who}
- \`ro-crate-metadata.json\`: what was run to make this (RO-Crate 1.1, Process Run Crate).

The statistics, the report and every parameter are in the results folder this was exported from.
`;
}

function indexFiles(results: StudyResults, indices: readonly Row[], label: (row: Row) => string): BidsFile[] {
  const bySubject = new Map<string, Row[]>();
  for (const row of indices) {
    const mine = bySubject.get(label(row));
    if (mine === undefined) bySubject.set(label(row), [row]);
    else mine.push(row);
  }
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

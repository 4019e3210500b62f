/** The study file of a proposal, as a person would write it: short, with what is to be filled in marked. */
import type { Proposal } from './propose.js';

/** Marks what only a person knows. */
const FILL_IN = 'FILL IN';

/** Text of study.yaml. Columns are those of the first cohort. */
export function composeStudy(proposal: Proposal): string {
  const { study, vertices, hemispheres, metrics, cohorts, spectroscopy } = proposal;
  const columns = cohorts[0]?.columns;
  const lines = [
    '# Written by `sulcus init` from what the folder holds. Every key: docs/study-file.md',
    `study: ${scalar(study)}`,
    `surface: { vertices: ${vertices}, hemispheres: [${hemispheres.join(', ')}] }`,
    ...regionLines(proposal),
    'metrics:',
    ...metrics.map((m) => `  ${scalar(m.name)}: { file: ${scalar(m.template)}${m.unit === null ? '' : `, unit: ${scalar(m.unit)}`}${m.together ? ', hemispheres: together' : ''} }`),
    'cohorts:',
    ...cohorts.map((c) => `  ${scalar(c.name)}: { directory: ${scalar(c.folder)}${c.prefix === '' ? '' : `, prefix: ${scalar(c.prefix)}`}, participants: ${scalar(c.table ?? 'participants.tsv')}, groups: ${list(c.groups)} }`),
    ...(columns === undefined ? [] : [`columns: { id: ${scalar(columns.id)}, group: ${scalar(columns.group)}, age: ${scalar(columns.age)}, sex: ${scalar(columns.sex)} }`]),
  ];
  if (spectroscopy !== null) {
    const tissue = cohorts.every((c) => c.tissue !== null && c.tissue.file === cohorts[0]?.tissue?.file) ? cohorts[0]?.tissue ?? null : null;
    lines.push('spectroscopy:', `  table: ${scalar(spectroscopy.template)}`, `  metabolite: ${scalar(spectroscopy.metabolite)}`);
    if (spectroscopy.needsHzpppm) lines.push(`  # ${FILL_IN}: the scanner's frequency in MHz`, '  # hzpppm: 127.7');
    if (tissue !== null) lines.push(`  tissue: { file: ${scalar(tissue.file)}, columns: { gm: ${scalar(tissue.columns.gm)}, wm: ${scalar(tissue.columns.wm)}, csf: ${scalar(tissue.columns.csf)} } }`);
  }
  lines.push(...outsideLines(proposal));
  const numeric = [...new Set(cohorts.flatMap((c) => c.numeric))];
  if (numeric.length > 0) lines.push('# Clinical measures are relations to test; columns that could be some:', `# clinical: [ ${numeric.slice(0, 6).map((n) => `{ measure: ${scalar(n)}, groups: patients }`).join(', ')} ]`);
  return `${lines.join('\n')}\n`;
}

function outsideLines({ outside: { folders, files, forPerson } }: Proposal): string[] {
  if (forPerson) return [`# ${FILL_IN}: ${files} files are linked from outside of this folder; name where links may lead`, '# outside: [ /data/lab ]'];
  if (folders.length === 0) return [];
  return [
    `# ${files === 0 ? 'A folder of the study lies' : files === 1 ? 'One of the files above lies' : `${files} of the files above lie`} elsewhere, where links in this folder lead. Sulcus follows links out of the study's folder`,
    '# only into what is named here, and anywhere below it; take out what should not be read.',
    `outside: ${list(folders)}`,
  ];
}

function regionLines({ region, midline, hemispheres }: Proposal): string[] {
  const sides = (files: Partial<Record<string, string>>): string => `{ ${hemispheres.map((s) => `${s}: ${scalar(files[s] ?? '')}`).join(', ')} }`;
  const mask = midline === null ? [] : ['  midline: keep', `  midline_mask: ${sides(midline)}`];
  if (region === null) {
    return ['region:', `  # ${FILL_IN}: labels, table and include; or mask: { left: ..., right: ... }; or vertices: { left: list.txt, right: list.txt }`, '  include: []', ...mask];
  }
  if (region.kind === 'mask') return ['region:', `  mask: ${sides(region.files)}`, ...mask];
  const table = region.files.table === null ? [] : [`  table: ${scalar(region.files.table)}`];
  const include = region.include.length > 0 ? [`  include: ${list(region.include)}`] : [`  # ${FILL_IN}: names of the regions to analyse`, '  include: []'];
  return ['region:', `  labels: ${sides(region.files.files)}`, ...table, ...include, ...mask];
}

const list = (items: readonly string[]): string => `[${items.map(scalar).join(', ')}]`;

/** A YAML scalar: quoted where it would read as something else. */
function scalar(value: string | null): string {
  if (value === null) return 'null';
  const plain = /^[A-Za-z][A-Za-z0-9_./+ -]*$/.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value) && value === value.trim();
  return plain || value === '.' ? value : JSON.stringify(value);
}

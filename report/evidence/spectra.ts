/** Quality of the spectra between groups, spectra near a limit, and the constants of the tissue correction. */
import type { GlxResults, GroupSummary, SpectralQualityRow } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { figure } from '../figure.js';
import { stripFigure } from '../figures/strip.js';
import { formatNumber } from '../format.js';
import { html, slug, type Child, type Html } from '../html.js';
import { count, degrees, measured, pValue, statistic } from '../numbers.js';
import { folded, reasonColumn, table } from '../table.js';
import { list, plural } from '../words.js';
import { thinned } from './thinned.js';

const NAMES: Record<SpectralQualityRow['measure'], string> = { snr: 'S/N', fwhm: 'FWHM (Hz)', sd: '%SD', csf: 'CSF fraction', excluded: 'used' };

export function spectraEvidence(context: ReportContext, name: string, glx: GlxResults): Child {
  return html`${quality(context, name, glx)}${near(name, glx)}${constants(name, glx)}`;
}

/** Every spectrum that was read, by group, with the limits; hollow where it is not used. */
export function spectraFigures(context: ReportContext, names: readonly string[]): Child {
  const { spectra = [], participants = [], limits } = context.input;
  const groups = new Map(participants.map((row) => [JSON.stringify([row.cohort, row.participant]), row.group]));
  const measures = [{ key: 'snr', label: 'S/N', limit: limits?.snr }, { key: 'fwhmHz', label: 'FWHM (Hz)', limit: limits?.fwhm }, { key: 'sdPercent', label: '%SD', limit: limits?.sd }] as const;
  const rows = spectra.flatMap((row) => { const group = groups.get(JSON.stringify([row.cohort, row.participant])); return group === undefined || !names.includes(row.cohort) ? [] : [{ ...row, group, who: context.pseudonyms.of(row.cohort, row.participant) }]; });
  const panels = names.flatMap((name) => measures.flatMap(({ key, label, limit }) => {
    const order = Object.keys(context.results.cohorts[name]?.groups ?? {}), own = rows.filter((row) => row.cohort === name && row[key] !== null);
    if (own.length === 0) return [];
    const columns = order.map((group, place) => ({ name: group, place, style: context.groupStyle(group), points: own.filter((row) => row.group === group).map((row) => ({ value: row[key] ?? 0, hollow: row.excluded !== null, told: `${row.who}, ${group}: ${formatNumber(row[key] ?? 0)}${row.excluded === null ? '' : ` (not used: ${row.excluded})`}` })) }));
    return [stripFigure({ id: slug('spectra', name, key), name: `${name}: ${label}`, title: `${label} of the spectra by group, ${name}`, description: `${own.length} spectra, ${own.filter((row) => row.excluded !== null).length} not used.${limit === undefined ? '' : ` Limit ${limit}.`}`, label, unit: null, labels: order, columns, limit: limit ?? null, every: context.drawEvery })];
  }));
  return figure({
    id: 'spectra-figure', panels, columns: 3,
    caption: html`<strong>Quality of the spectra.</strong> Every spectrum that was read, by group; hollow: not used, for this measure or another.${limits != null && ' The dashed line is the limit (S/N above it, the others below).'} ${list(names.map((name) => `n = ${rows.filter((row) => row.cohort === name).length} in ${name}`))}.`,
    data: { columns: ['cohort', 'participant', 'group', 'snr', 'fwhm_hz', 'sd_percent', 'excluded'], rows: thinned(context, rows).map((row) => [row.cohort, row.who, row.group, row.snr, row.fwhmHz, row.sdPercent, row.excluded]) },
  });
}

function quality(context: ReportContext, name: string, { quality: rows = [] }: GlxResults): Html | null {
  const groups = Object.keys(context.results.cohorts[name]?.groups ?? {});
  return table({
    caption: `Quality of the spectra by group, ${name}`,
    note: 'Mean (SD); n where it differs; counts of spectra used. A difference here could pass for one of the metabolite. p is not adjusted.',
    rows,
    columns: [
      { head: 'measure', cell: (row) => NAMES[row.measure], header: true }, { head: 'spectra', cell: (row) => (row.spectra === 'read' ? 'all read' : 'used') },
      ...groups.map((group) => ({ head: group, cell: (row: SpectralQualityRow) => summary(row.groups[group]) })),
      { head: 'statistic', cell: (row) => html`${row.test === 'anova' ? 'F' : 'χ²'} ${statistic(row.statistic)}`, numeric: true },
      { head: 'df', cell: (row) => html`${degrees(row.df1)}${row.df2 !== null && html`, ${degrees(row.df2)}`}`, numeric: true },
      { head: 'p', cell: (row) => html`${pValue(row.p, context.alpha)}${row.fisherP != null && html` <small>(Fisher ${pValue(row.fisherP, context.alpha)})</small>`}`, numeric: true },
      ...reasonColumn(rows, (text) => context.pseudonyms.redact(text, name), (row) => row.p === null),
    ],
  });
}

function summary(group: GroupSummary | undefined): Child {
  if (group === undefined || group.n === 0) return '–';
  if (group.counts !== undefined) return html`${count(group.counts['used'] ?? 0)} of ${count(group.n)}`;
  return html`${measured(group.mean)}\u00a0(${measured(group.sd)}) <small>n = ${group.n}</small>`;
}

function near(name: string, { nearLimit = [] }: GlxResults): Child {
  if (nearLimit.length === 0) return null;
  const used = nearLimit.filter((n) => n.used).length;
  const by = (['snr', 'fwhm', 'sd'] as const).map((m) => ({ m, n: nearLimit.filter((one) => one.measures.includes(m)).length })).filter(({ n }) => n > 0);
  return html`<p>In ${name} ${plural(nearLimit.length, 'spectrum', 'spectra')} ${nearLimit.length === 1 ? 'lies' : 'lie'} within one printed step of a quality limit (${by.map(({ m, n }) => `${n} ${NAMES[m]}`).join(', ')}): ${used} used, ${nearLimit.length - used} not. Another fit could have put them on the other side.</p>`;
}

function constants(name: string, { tissue }: GlxResults): Child {
  if (tissue === undefined || Object.keys(tissue.constants).length === 0) return null;
  const rows = Object.entries(tissue.constants).map(([constant, value]) => ({ constant, value }));
  return folded(`Constants of the tissue correction, ${name}`, table({
    caption: `Tissue correction, ${name}`, note: html`${tissue.formula} (${tissue.unit}${tissue.reference !== null && `; ${tissue.reference}`}).`, rows,
    columns: [{ head: 'constant', cell: (row) => row.constant, header: true }, { head: 'value', cell: (row) => String(row.value), numeric: true }],
  }));
}

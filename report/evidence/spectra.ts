/** Quality of the spectra between groups, spectra near a limit, and the constants of the tissue correction. */
import type { GlxResults, GroupSummary, SpectralQualityRow } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { html, type Child, type Html } from '../html.js';
import { count, degrees, measured, pValue, statistic } from '../numbers.js';
import { folded, reasonColumn, table } from '../table.js';
import { plural } from '../words.js';

const NAMES: Record<SpectralQualityRow['measure'], string> = { snr: 'S/N', fwhm: 'FWHM (Hz)', sd: '%SD', csf: 'CSF fraction', excluded: 'used' };

export function spectraEvidence(context: ReportContext, name: string, glx: GlxResults): Child {
  return html`${quality(context, name, glx)}${near(name, glx)}${constants(name, glx)}`;
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

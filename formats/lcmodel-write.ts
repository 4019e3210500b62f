/** Writing LCModel `.table` files, in the layout of LCModel 6.3. */
import type { LcmodelDiagnostic } from './lcmodel.js';

export interface LcmodelTableContent {
  title: string;
  ratioTo: string;
  concentrations: Iterable<readonly [string, { value: number; sdPercent: number; ratio: number }]>;
  fwhmPpm: number;
  snr: number;
  hzpppm: number | null;
  diagnostics?: readonly Pick<LcmodelDiagnostic, 'count' | 'kind' | 'routine' | 'number'>[];
}

/** LCModel's number: three decimals from 0.1 on (and for 0), otherwise three significant digits with an exponent (`8.59E-02`). */
export function formatLcmodel(value: number): string {
  if (value === 0 || (value >= 0.1 && value < 99999)) return value.toFixed(3);
  const [mantissa, power] = value.toExponential(2).split('e') as [string, string];
  const size = String(Math.abs(Number(power))).padStart(2, '0');
  return `${mantissa}E${power.startsWith('-') ? '-' : '+'}${size}`;
}

/** Text of a `.table`: lines padded to 73 columns, LF. Values keep only the digits LCModel prints. */
export function writeLcmodelTable(content: LcmodelTableContent): string {
  const rows = [...content.concentrations];
  const diagnostics = content.diagnostics ?? [];
  const inputs = [" filtab='out.table'", ' ltable=7', ...(content.hzpppm === null ? [] : [` hzpppm=${content.hzpppm.toFixed(6)}`]), ' deltat=2e-04', ' nunfil=4096'];
  const lines = [
    ' LCModel (Version 6.3-1N)', ` ${content.title}`, '',
    `$$CONC ${String(rows.length + 1).padStart(2)} lines in following concentration table = NCONC+1`,
    `    Conc.  %SD ${`/${content.ratioTo}`.padStart(7)}  Metabolite`,
    ...rows.map(([name, r]) => `${formatLcmodel(r.value).padStart(9)} ${String(Math.min(999, Math.round(r.sdPercent))).padStart(3)}% ${formatLcmodel(r.ratio).padStart(7)} ${name}`),
    '', '$$MISC  3 lines in following misc. output table',
    `  FWHM = ${content.fwhmPpm.toFixed(3)} ppm    S/N = ${String(Math.round(content.snr)).padStart(3)}`,
    '  Data shift = 0.008 ppm', '  Ph:   9 deg       2.2 deg/ppm',
    '', `$$DIAG ${String(diagnostics.length).padStart(2)} lines in following diagnostic table:`,
    ...diagnostics.map((d) => `${String(d.count).padStart(4)} ${d.kind.padEnd(9)} ${d.routine} ${String(d.number).padStart(2)}`),
    '', '', `$$INPU ${String(inputs.length).padStart(2)} lines in following table of input changes:`, ...inputs,
  ];
  return lines.map((l) => (l === '' || l.startsWith('$$') || l.startsWith(' LCModel') ? l : l.padEnd(73))).join('\n') + '\n';
}

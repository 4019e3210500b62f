/** Measurements on logarithmic axes: the exponent of a straight line through them, and a picture as SVG. */

export interface Line {
  name: string;
  points: { x: number; y: number }[];
}

export interface Panel {
  /** What grows. */
  name: string;
  lines: Line[];
}

/** Slope of log y on log x by least squares: 1 means linear. */
export function exponent({ points }: Line): number {
  const lx = points.map((p) => Math.log(p.x)), ly = points.map((p) => Math.log(p.y));
  const mean = (a: number[]): number => a.reduce((s, v) => s + v, 0) / a.length;
  const mx = mean(lx), my = mean(ly);
  return lx.reduce((s, x, i) => s + (x - mx) * ((ly[i] as number) - my), 0) / lx.reduce((s, x) => s + (x - mx) ** 2, 0);
}

const SIZE = 250, LEFT = 64, TOP = 34, GAP = 70, COLORS = ['#1f6fb4', '#c2571a'];

/** Panels side by side; the dashed lines have slope 1 through a line's last point. */
export function drawCurves(panels: readonly Panel[], unit: string): string {
  const width = LEFT + panels.length * (SIZE + GAP), height = TOP + SIZE + 66;
  const names = (panels[0]?.lines ?? []).map((line, i) => `<tspan fill="${color(i)}">${i === 0 ? '' : '   '}&#9679; ${line.name}</tspan>`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#222">
<rect width="${width}" height="${height}" fill="#fff"/>
${panels.map((panel, i) => drawPanel(panel, LEFT + i * (SIZE + GAP))).join('\n')}
<text x="${LEFT}" y="${height - 12}" xml:space="preserve">${names}<tspan fill="#666">   ${unit}, logarithmic axes; dashed: slope 1</tspan></text>
</svg>
`;
}

function drawPanel({ name, lines }: Panel, left: number): string {
  const all = lines.flatMap((l) => l.points), xs = all.map((p) => p.x), ys = all.map((p) => p.y);
  // The same factor on both axes, so that slope 1 is the diagonal.
  const span = Math.max(Math.max(...xs) / Math.min(...xs), Math.max(...ys) / Math.min(...ys)) * 1.5;
  const scale = (values: number[]): ((v: number) => number) => {
    const middle = Math.sqrt(Math.min(...values) * Math.max(...values));
    return (v) => SIZE * (0.5 + Math.log(v / middle) / Math.log(span));
  };
  const sx = scale(xs), sy = scale(ys);
  const px = (x: number): string => (left + sx(x)).toFixed(1), py = (y: number): string => (TOP + SIZE - sy(y)).toFixed(1);
  const text = (x: string, y: number, anchor: string, value: string, more = ''): string => `<text x="${x}" y="${y}" text-anchor="${anchor}"${more}>${value}</text>`;
  const ticks = [...new Set(xs)];
  return [
    `<rect x="${left}" y="${TOP}" width="${SIZE}" height="${SIZE}" fill="none" stroke="#999"/>`,
    text(`${left + SIZE / 2}`, TOP - 12, 'middle', name, ' font-weight="bold"'),
    ...lines.map((line, i) => drawLine(line, color(i), px, py)),
    ...ticks.filter((_, i) => ticks.length < 4 || i % 2 === 0).map((x) => text(px(x), TOP + SIZE + 18, 'middle', x.toLocaleString('en'))),
    ...[Math.min(...ys), Math.max(...ys)].map((y) => text(`${left - 6}`, Number(py(y)) + 4, 'end', y.toPrecision(2))),
  ].join('\n');
}

function drawLine({ points }: Line, stroke: string, px: (x: number) => string, py: (y: number) => string): string {
  const first = points[0] as { x: number; y: number }, last = points[points.length - 1] as { x: number; y: number };
  return [
    `<line x1="${px(first.x)}" y1="${py((last.y * first.x) / last.x)}" x2="${px(last.x)}" y2="${py(last.y)}" stroke="#999" stroke-dasharray="5 4"/>`,
    `<polyline points="${points.map((p) => `${px(p.x)},${py(p.y)}`).join(' ')}" fill="none" stroke="${stroke}" stroke-width="2"/>`,
    ...points.map((p) => `<circle cx="${px(p.x)}" cy="${py(p.y)}" r="3" fill="${stroke}"/>`),
  ].join('\n');
}

const color = (i: number): string => COLORS[i % COLORS.length] as string;

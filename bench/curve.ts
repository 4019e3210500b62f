/** Straight lines through measurements on logarithmic axes: the exponent, and a picture as SVG. */

export interface Curve {
  /** What grows. */
  name: string;
  points: { x: number; y: number }[];
}

/** Slope of log y on log x by least squares: 1 means linear. */
export function exponent({ points }: Curve): number {
  const lx = points.map((p) => Math.log(p.x)), ly = points.map((p) => Math.log(p.y));
  const mean = (a: number[]): number => a.reduce((s, v) => s + v, 0) / a.length;
  const mx = mean(lx), my = mean(ly);
  return lx.reduce((s, x, i) => s + (x - mx) * ((ly[i] as number) - my), 0) / lx.reduce((s, x) => s + (x - mx) ** 2, 0);
}

const SIZE = 240, LEFT = 56, TOP = 34, GAP = 84;

/** One panel a curve, side by side; the dashed line has slope 1 through the last point. */
export function drawCurves(curves: readonly Curve[], unit: string): string {
  const width = LEFT + curves.length * (SIZE + GAP), height = TOP + SIZE + 52;
  const panels = curves.map((curve, i) => panel(curve, LEFT + i * (SIZE + GAP), unit));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#222">
<rect width="${width}" height="${height}" fill="#fff"/>
${panels.join('\n')}
</svg>
`;
}

function panel(curve: Curve, left: number, unit: string): string {
  const { points } = curve, xs = points.map((p) => p.x), ys = points.map((p) => p.y);
  // The same factor on both axes, so that slope 1 is the diagonal.
  const span = Math.max(Math.max(...xs) / Math.min(...xs), Math.max(...ys) / Math.min(...ys)) * 1.6;
  const scale = (values: number[]): ((v: number) => number) => {
    const middle = Math.sqrt(Math.min(...values) * Math.max(...values));
    return (v) => SIZE * (0.5 + Math.log(v / middle) / Math.log(span));
  };
  const sx = scale(xs), sy = scale(ys);
  const at = (x: number, y: number): string => `${(left + sx(x)).toFixed(1)},${(TOP + SIZE - sy(y)).toFixed(1)}`;
  const last = points[points.length - 1] as { x: number; y: number }, first = points[0] as { x: number; y: number };
  const text = (x: number, y: number, anchor: string, value: string, more = ''): string => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${more}>${value}</text>`;
  return [
    `<rect x="${left}" y="${TOP}" width="${SIZE}" height="${SIZE}" fill="none" stroke="#999"/>`,
    text(left + SIZE / 2, TOP - 12, 'middle', `${curve.name}: slope ${exponent(curve).toFixed(2)}`, ' font-weight="bold"'),
    `<line ${(([a, b]) => `x1="${a}" y1="${b}"`)(at(first.x, (last.y * first.x) / last.x).split(','))} ${(([a, b]) => `x2="${a}" y2="${b}"`)(at(last.x, last.y).split(','))} stroke="#999" stroke-dasharray="5 4"/>`,
    `<polyline points="${points.map((p) => at(p.x, p.y)).join(' ')}" fill="none" stroke="#1f6fb4" stroke-width="2"/>`,
    ...points.map((p) => `<circle cx="${at(p.x, p.y).split(',')[0]}" cy="${at(p.x, p.y).split(',')[1]}" r="3" fill="#1f6fb4"/>`),
    ...points.map((p, i) => (points.length < 7 || i % 2 === 0 ? text(left + sx(p.x), TOP + SIZE + 18, 'middle', p.x.toLocaleString('en')) : '')),
    ...[first, last].map((p) => text(left - 6, TOP + SIZE - sy(p.y) + 4, 'end', p.y.toPrecision(2))),
    text(left + SIZE / 2, TOP + SIZE + 38, 'middle', `${curve.name.split(' ')[0] ?? ''} (logarithmic); ${unit}`, ' fill="#666"'),
  ].filter((line) => line !== '').join('\n');
}

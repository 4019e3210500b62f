/** The fixed picture as a file of its own: every cohort's views and each component alone in one SVG, or the same as PNG. */

/** Units of the drawing: points. */
const VIEW = 150, GAP = 10, PAGE_COLUMNS = 2, CELL = 66, LINE = 14;
/** A page's width (180 mm) at 300 dots an inch has 2126 pixels. */
const PIXELS = 2126;
const INK = '#1b1f24', MUTED = '#59626d';
const RULES = '.brain-p{fill-opacity:.86;stroke:#1b1f24;stroke-width:9;stroke-linejoin:round}.brain-n{fill:#111;stroke:#fff;stroke-width:52;stroke-opacity:.85;paint-order:stroke;stroke-linejoin:round;font-weight:700}.brain-axis text{font-size:250px;fill:#59626d}';

const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const text = (x: number, y: number, words: string, size: number, fill = INK, weight = 400): string => `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" font-weight="${weight}">${escaped(words)}</text>`;
const words = (element: Element | null): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

/** A drawing of the page at its place here. */
function placed(svg: SVGSVGElement, x: number, y: number, width: number): { markup: string; height: number } {
  const copy = svg.cloneNode(true) as SVGSVGElement, { width: w, height: h } = svg.viewBox.baseVal, height = (width * h) / w;
  for (const [name, value] of Object.entries({ x, y, width, height })) copy.setAttribute(name, String(value));
  for (const name of ['role', 'aria-label', 'class']) copy.removeAttribute(name);
  return { markup: new XMLSerializer().serializeToString(copy), height };
}

export interface Drawing {
  markup: string;
  width: number;
  height: number;
}

function drawing(figure: HTMLElement): Drawing {
  const all = <T extends Element>(selector: string, within: Element = figure): T[] => [...within.querySelectorAll<T>(selector)];
  const cohorts = all('.brain-cohort'), width = Math.min(PAGE_COLUMNS, cohorts.length) * (2 * VIEW + 2 * GAP) + GAP, parts: string[] = [];
  let y = GAP + LINE, x = GAP;
  for (const key of all('.brain-key')) {
    const name = words(key), colour = key.querySelector<HTMLElement>('i')?.style.background ?? '';
    if (x + 80 > width) { x = GAP; y += LINE; }
    parts.push(`<rect x="${x}" y="${y - 8}" width="9" height="9" fill="${escaped(colour)}" stroke="${INK}" stroke-width=".6"/>`, text(x + 13, y, name, 9.5));
    x += 80;
  }
  y += GAP;
  let row = 0;
  cohorts.forEach((cohort, i) => {
    const column = i % PAGE_COLUMNS, left = GAP + column * (2 * VIEW + 2 * GAP);
    if (column === 0) { y += row; row = 0; }
    parts.push(text(left, y + LINE, words(cohort.querySelector('.panel-title')), 11, INK, 600));
    let top = y + LINE + GAP / 2;
    all<HTMLElement>('.brain-view', cohort).forEach((view, v) => {
      const svg = view.querySelector('svg');
      if (svg === null) return;
      const at = left + (v % 2) * (VIEW + GAP), drawn = placed(svg, at, top + LINE, VIEW);
      parts.push(text(at, top + LINE - 3, words(view.querySelector('.brain-tag')), 8, MUTED), drawn.markup);
      if (v % 2 === 1) { top += drawn.height + LINE; row = Math.max(row, top - y + GAP); }
    });
  });
  y += row + GAP;
  for (const alone of all('.brain-row')) {
    parts.push(text(GAP, y, words(alone.querySelector('.brain-letter')), 10, INK, 600));
    y += GAP / 2;
    x = GAP;
    let tallest = 0;
    for (const cell of all('.brain-cell', alone)) {
      const drawings = all<SVGSVGElement>('svg', cell), wide = drawings.length * (CELL + 2);
      if (x + wide > width) { x = GAP; y += tallest + LINE + GAP; tallest = 0; }
      drawings.forEach((svg, k) => { const drawn = placed(svg, x + k * (CELL + 2), y, CELL); tallest = Math.max(tallest, drawn.height); parts.push(drawn.markup); });
      parts.push(text(x, y + tallest + 9, words(cell.querySelector('p')), 7.5, MUTED));
      x += wide + GAP;
    }
    y += tallest + LINE + GAP + LINE;
  }
  const defs = figure.querySelector('.brain-defs defs');
  const markup = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${Math.ceil(y)}" viewBox="0 0 ${width} ${Math.ceil(y)}" font-family="Helvetica, Arial, sans-serif"><style>${RULES}</style>${defs === null ? '' : new XMLSerializer().serializeToString(defs)}<rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>`;
  return { markup, width, height: Math.ceil(y) };
}

export function save(figure: HTMLElement, kind: 'svg' | 'png'): void {
  const { markup, width, height } = drawing(figure), href = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}`;
  const name = `${document.documentElement.dataset['study'] ?? 'study'}_brains.${kind}`;
  if (kind === 'svg') { offer(name, href); return; }
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement('canvas');
    canvas.width = PIXELS;
    canvas.height = Math.round((PIXELS * height) / width);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    offer(name, canvas.toDataURL('image/png'));
  };
  image.src = href;
}

function offer(name: string, href: string): void {
  const link = document.createElement('a');
  link.download = name;
  link.href = href;
  document.body.append(link);
  link.click();
  link.remove();
}

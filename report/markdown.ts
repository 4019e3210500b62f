/** report.md from report.html: the same sentences and tables, for readers, wikis and diffs that know no HTML. Figures are named by their captions. */
import { parseHTML } from 'linkedom';

/** What is needed of a node; there are no browser types here. */
interface Node {
  nodeType: number;
  textContent: string;
  tagName?: string;
  childNodes: Iterable<Node>;
  children: Iterable<Node>;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Node | null;
  querySelectorAll(selector: string): Iterable<Node>;
}

/** `page`: what renderReport gave. */
export function markdownOf(page: string): string {
  const light = page.replace(/<head>[\s\S]*?<\/head>/, '').replace(/<(script|svg|nav)\b[\s\S]*?<\/\1>/g, '');
  const { document } = parseHTML(light) as unknown as { document: Node };
  const parts = [document.querySelector('header'), document.querySelector('main')].flatMap((node) => (node === null ? [] : blocks(node)));
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Of what a reader sees of a cell or sentence, in one line. Characters that Markdown would take for its own are escaped. */
function inline(node: Node): string {
  let text = '';
  for (const child of node.childNodes) {
    if (child.nodeType === 3) text += child.textContent.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#]/g, '\\$&');
    else if (child.nodeType === 1 && !/^(BUTTON|INPUT|DIV)$/.test(child.tagName ?? '')) text += wrapped(child);
    else if (child.tagName === 'BUTTON') text += inline(child);
  }
  return text;
}

function wrapped(node: Node): string {
  const inside = inline(node), mark = { STRONG: '**', B: '**', EM: '*' }[node.tagName ?? ''];
  if (node.tagName === 'SUP') return `[${inside}]`;
  if (node.tagName === 'SMALL') return inside.trim() === '' ? '' : ` (${inside.trim()})`;
  return mark === undefined || inside.trim() === '' ? inside : inside.replace(/^(\s*)(.*?)(\s*)$/, `$1${mark}$2${mark}$3`);
}

function blocks(node: Node): string[] {
  return [...node.children].flatMap((child): string[] => {
    const tag = child.tagName ?? '', heading = /^H([1-6])$/.exec(tag);
    if (heading !== null) return [`${'#'.repeat(Number(heading[1]))} ${inline(child).trim()}`];
    if (tag === 'P') return [inline(child).trim()];
    if (tag === 'UL' || tag === 'OL') return [items(child, '')];
    if (tag === 'TABLE') return grid(child);
    if (tag === 'DL') return [[...child.querySelectorAll('div')].map((one) => `- ${inline(one.querySelector('dt') ?? one)}: ${inline(one.querySelector('dd') ?? one)}`).join('\n')];
    if (tag === 'FIGURE') { const caption = child.querySelector('figcaption'); return caption === null ? [] : [`> Figure (report.html#${child.getAttribute('id') ?? ''}): ${inline(caption).trim()}`]; }
    return /^(BUTTON|INPUT|SPAN)$/.test(tag) || child.getAttribute('class') === 'tools' ? [] : tag === 'SUMMARY' ? [] : blocks(child);
  });
}

function items(listing: Node, indent: string): string {
  const numbered = listing.tagName === 'OL';
  return [...listing.children].map((item, index) => {
    const inner = [...item.children].filter((child) => child.tagName === 'UL' || child.tagName === 'OL'), own = [...item.childNodes].filter((child) => !inner.includes(child));
    const text = inline({ childNodes: own } as unknown as Node).trim();
    return [`${indent}${numbered ? `${index + 1}.` : '-'} ${text}`, ...inner.map((one) => items(one, `${indent}  `))].join('\n');
  }).join('\n');
}

function grid(table: Node): string[] {
  const caption = table.querySelector('caption > span') ?? table.querySelector('caption'), note = caption?.querySelector('small') ?? null;
  const title = caption === null ? '' : inline({ childNodes: [...caption.childNodes].filter((child) => child !== note) } as unknown as Node).trim();
  const line = (row: Node): string => `| ${[...row.children].map((cell) => inline(cell).trim()).join(' | ')} |`;
  const [head, ...rows] = [...table.querySelectorAll('tr')];
  if (head === undefined) return [];
  const rule = `|${[...head.children].map((cell) => (cell.getAttribute('class') === 'n' ? ' ---: ' : ' --- ')).join('|')}|`;
  return [`**${title}**`, ...(note === null ? [] : [inline(note).trim()]), [line(head), rule, ...rows.map(line)].join('\n')];
}

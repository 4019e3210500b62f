/** report.md from report.html: the same sentences and tables, for readers, wikis and diffs that know no HTML. Figures are named by their captions. */
import { attribute, childrenOf, find, findAll, isElement, parse, type Element, type Node } from './tree.js';

/** `page`: a page of this folder or a part of one. Of a page its header and what is in `main`. */
export function markdownOf(page: string): string {
  const tree = parse(page.replace(/<head>[\s\S]*?<\/head>/, '').replace(/<(script|svg|nav)\b[\s\S]*?<\/\1>/g, ''));
  const main = find(tree, 'main'), header = find(tree, 'header');
  return joinMarkdown((main === null ? [tree] : header === null ? [main] : [header, main]).flatMap(blocks));
}

/** Parts with an empty line between them. */
export function joinMarkdown(parts: readonly string[]): string {
  return `${parts.map((part) => part.trimEnd()).filter((part) => part !== '').join('\n\n')}\n`;
}

/** Of what a reader sees of a cell or sentence, in one line. Characters that Markdown would take for its own are escaped. */
function inline(nodes: readonly Node[]): string {
  let text = '';
  for (const node of nodes) {
    if (!isElement(node)) text += node.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#]/g, '\\$&');
    else if (node.tag === 'button') text += inline(node.children);
    else if (node.tag !== 'input' && node.tag !== 'div') text += wrapped(node);
  }
  return text;
}

function wrapped({ tag, children }: Element): string {
  const inside = inline(children), mark = { strong: '**', b: '**', em: '*' }[tag];
  if (tag === 'sup') return `[${inside}]`;
  if (tag === 'small') return inside.trim() === '' ? '' : ` (${inside.trim()})`;
  return mark === undefined || inside.trim() === '' ? inside : inside.replace(/^(\s*)(.*?)(\s*)$/, `$1${mark}$2${mark}$3`);
}

function blocks(parent: Element): string[] {
  return childrenOf(parent).flatMap((child): string[] => {
    const { tag } = child, heading = /^h([1-6])$/.exec(tag);
    if (heading !== null) return [`${'#'.repeat(Number(heading[1]))} ${inline(child.children).trim()}`];
    if (tag === 'p') return [inline(child.children).trim()];
    if (tag === 'ul' || tag === 'ol') return [items(child, '')];
    if (tag === 'table') return grid(child);
    if (tag === 'dl') return [findAll(child, 'div').map((one) => `- ${inline((find(one, 'dt') ?? one).children)}: ${inline((find(one, 'dd') ?? one).children)}`).join('\n')];
    if (tag === 'figure') { const caption = find(child, 'figcaption'); return caption === null ? [] : [`> Figure (report.html#${attribute(child, 'id') ?? ''}): ${inline(caption.children).trim()}`]; }
    return ['button', 'input', 'span', 'summary'].includes(tag) || attribute(child, 'class') === 'tools' ? [] : blocks(child);
  });
}

function items(listing: Element, indent: string): string {
  const numbered = listing.tag === 'ol';
  return childrenOf(listing).map((item, index) => {
    const inner = childrenOf(item).filter(({ tag }) => tag === 'ul' || tag === 'ol'), own = item.children.filter((child) => !inner.includes(child as Element));
    return [`${indent}${numbered ? `${index + 1}.` : '-'} ${inline(own).trim()}`, ...inner.map((one) => items(one, `${indent}  `))].join('\n');
  }).join('\n');
}

function grid(table: Element): string[] {
  const whole = find(table, 'caption'), caption = whole === null ? null : childrenOf(whole).find(({ tag }) => tag === 'span') ?? whole, note = caption === null ? null : find(caption, 'small');
  const title = caption === null ? '' : inline(caption.children.filter((child) => child !== note)).trim();
  const line = (row: Element): string => `| ${childrenOf(row).map((cell) => inline(cell.children).trim()).join(' | ')} |`;
  const [head, ...rows] = findAll(table, 'tr');
  if (head === undefined) return [];
  const rule = `|${childrenOf(head).map((cell) => (attribute(cell, 'class') === 'n' ? ' ---: ' : ' --- ')).join('|')}|`;
  return [`**${title}**`, ...(note === null ? [] : [inline(note.children).trim()]), [line(head), rule, ...rows.map(line)].join('\n')];
}

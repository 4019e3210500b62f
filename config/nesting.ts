/** How deep a YAML text nests, told without building anything of it: on a text of brackets alone the parser would run out of stack, and the process end. */
import { CST, Lexer } from 'yaml';

/** Indentations, brackets and `-`, `?` and `:` of one line together; a study file needs seven. */
const DEEPEST = 24;

/** Characters that the lexer adds to the text. */
const MARKERS: readonly (string | null)[] = ['doc-mode', 'flow-error-end', 'scalar'];

/** Line (from 1) on which `text` first nests too deep; null: nowhere. Takes time in proportion to the text. */
export function tooDeepAt(text: string): number | null {
  const indents: number[] = []; // of the lines above that hold this one
  let flow = 0, inline = 0, indent = 0, lineStart = true, isBlock = false, isText = false, offset = 0;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (MARKERS.includes(type)) {
      isText = isBlock && type === 'scalar';
      if (isText) isBlock = false;
      continue;
    }
    offset += token.length;
    if (isText) { // of a block scalar, to the end of its last line
      isText = false;
      lineStart = true;
      indent = 0;
      continue;
    }
    if (type === 'newline') {
      inline = indent = 0;
      lineStart = true;
    } else if (type === 'space') {
      if (lineStart) indent += token.length;
    } else if (type !== 'comment') {
      if (lineStart && flow === 0) {
        while (indents.length > 0 && indents.at(-1)! >= indent) indents.pop();
        indents.push(indent);
      }
      lineStart = false;
      if (type === 'block-scalar-header') isBlock = true;
      else if (type === 'flow-map-start' || type === 'flow-seq-start') flow++;
      else if (type === 'flow-map-end' || type === 'flow-seq-end') flow = Math.max(0, flow - 1);
      else if (flow === 0 && (type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind')) inline++;
    }
    if (indents.length + inline + flow > DEEPEST) return text.slice(0, offset).split('\n').length;
  }
  return null;
}

/** What a terminal would show of what a program printed. */

/** Titles and other strings for the terminal (OSC, DCS, APC, PM, SOS), to their end or that of the line. */
const STRINGS = /(?:\u001b[\]P_^X]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?/g;
/** Colours and movements of the cursor (CSI), and shorter sequences (ECMA-48, 5.3 and 5.4). */
const SEQUENCES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;
/** What stays: line breaks, tabs, carriage returns and backspaces. */
const CONTROLS = /[\u0000-\u0007\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Without colours and other terminal codes; of a line that was written over, by a carriage return or by backspaces, what was written last. Blank at neither end. */
export function asShown(text: string): string {
  const plain = text.replace(STRINGS, '').replace(SEQUENCES, '').replace(CONTROLS, '').replace(/\r+\n/g, '\n');
  return plain.split('\n').map((line) => withoutErased(line.slice(line.trimEnd().lastIndexOf('\r') + 1))).join('\n').trim();
}

/** Every backspace takes back the character before it. */
function withoutErased(line: string): string {
  if (!line.includes('\b')) return line;
  const kept: string[] = [];
  for (const char of line) {
    if (char === '\b') kept.pop();
    else kept.push(char);
  }
  return kept.join('');
}

/** The report's one stylesheet; no fonts or images from elsewhere. */
import { FIGURES } from './style/figures.js';
import { PAGE } from './style/page.js';
import { PRINT } from './style/print.js';
import { TABLES } from './style/tables.js';

/** `tokens`: the custom properties of the colours; `more`: rules of parts that bring their own. */
export const stylesheet = (tokens: string, more: string): string => `${tokens}${PAGE}${TABLES}${FIGURES}${more}${PRINT}\n`;

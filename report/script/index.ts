/** The page's script, run in the head so that nothing moves when it takes over. Plain JavaScript: no library, no request. */
import { FIGURES_SCRIPT } from './figures.js';
import { PAGE_SCRIPT } from './page.js';
import { TABLES_SCRIPT } from './tables.js';

/** `colours`: what the custom properties are on paper, for figures that leave the page. */
export const pageScript = (colours: Readonly<Record<string, string>>): string => `(function(){'use strict';var COLOURS=${JSON.stringify(colours)};${PAGE_SCRIPT}${TABLES_SCRIPT}${FIGURES_SCRIPT}})();`;

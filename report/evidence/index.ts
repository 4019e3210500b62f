/** The third section: figures and tables behind the findings. */
import type { ReportContext } from '../context.js';
import { html, type Html } from '../html.js';
import { agreementEvidence } from './agreement.js';
import { glxEvidence } from './glx.js';
import { groupEvidence } from './groups.js';
import { clinicalEvidence, participantEvidence } from './participants.js';
import { parcellationEvidence, rankEvidence } from './rank.js';

export function evidenceSection(context: ReportContext): Html {
  return html`<section id="evidence"><h2>Evidence</h2>
${participantEvidence(context)}${rankEvidence(context)}${parcellationEvidence(context)}${agreementEvidence(context)}${groupEvidence(context)}${glxEvidence(context)}${clinicalEvidence(context)}</section>\n`;
}

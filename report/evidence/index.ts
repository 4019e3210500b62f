/** The third section: figures and tables behind the findings. */
import type { ReportContext } from '../context.js';
import { html, type Child, type Html } from '../html.js';
import { agreementEvidence } from './agreement.js';
import { glxEvidence } from './glx.js';
import { groupEvidence } from './groups.js';
import { clinicalEvidence, participantEvidence } from './participants.js';
import { parcellationEvidence } from './parcellation.js';
import { rankEvidence } from './rank.js';

/** `brains`: the parcellation drawn on the surface, where there is one. */
export function evidenceSection(context: ReportContext, brains: Child): Html {
  return html`<section id="evidence"><h2>Evidence</h2>
${participantEvidence(context)}${rankEvidence(context)}${parcellationEvidence(context, brains)}${agreementEvidence(context)}${groupEvidence(context)}${glxEvidence(context)}${clinicalEvidence(context)}</section>\n`;
}

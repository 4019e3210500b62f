/** What `npm run bench` measures, in the order of the page. One after the other; the study last, because its processes would disturb the rest. */
import { cortexSection } from './cortex.js';
import { kernelSection } from './kernel.js';
import { peersSection } from './peers-chapter.js';
import { resamplingSection } from './resampling.js';
import { scalingSection } from './scaling.js';
import type { Section } from './section.js';
import { selectionSection } from './selection.js';
import { solversSection } from './solvers.js';
import { studySection } from './study-chapter.js';

export const SECTIONS: readonly Section[] = [
  peersSection,
  solversSection,
  selectionSection,
  kernelSection,
  scalingSection,
  cortexSection,
  resamplingSection,
  studySection,
];

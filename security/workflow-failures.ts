/**
 * The failure converter in the workflows' bundle. A sandbox has no environment to look at, so what it is to do stands in the bundle's text: the
 * worker changes that word when it has keys (`encodingFailures`). Without keys messages stay readable in the UI.
 */
import { DefaultFailureConverter } from '@temporalio/common';
import { FAILURES_PLAIN } from './failure-mode.js';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: FAILURES_PLAIN.endsWith('encoded') });

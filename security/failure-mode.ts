/** The word in the workflows' bundle that says whether failures are encoded. Both have one length, so that places in the bundle stay what its source map says. */
export const FAILURES_PLAIN = 'sulcus-failures-plain--';
const FAILURES_ENCODED = 'sulcus-failures-encoded';

/** A bundle whose failures are plain, made into one whose failures are encoded. Throws when it is no such bundle. */
export function encodingFailures(bundle: string): string {
  if (!bundle.includes(FAILURES_PLAIN)) throw new Error('the workflow bundle has no failure converter of sulcus');
  return bundle.replaceAll(FAILURES_PLAIN, FAILURES_ENCODED);
}

/** Fewer vertices than this have too few modes to make parcels of. */
const LEAST = 24;
/** The factorisation behind the modes grows with the region's width squared: seconds up to here, minutes beyond. */
const MOST = 20_000;

/** Why a region can have no surrogates; null when it can. `sizes`: vertices by hemisphere. */
export function limitOf(sizes: readonly number[]): string | null {
  const least = Math.min(...sizes), all = sizes.reduce((s, n) => s + n, 0);
  if (least < LEAST) return `the region has ${least} vertices in a hemisphere; surrogates need ${LEAST}`;
  if (all > MOST) return `the region has ${all} vertices; surrogates are made for up to ${MOST}`;
  return null;
}

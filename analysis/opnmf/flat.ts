/** What the singular values of X say before any W is known: how low an error could be, and whether X determines W at all. */
import type { PreparedMatrix } from './kernel/matrix.js';

/** A k-th singular value below this part of the first: the columns of Y are nearly dependent, and so many W are nearly fixed points that the start alone decides (docs/opnmf.md). */
const FLAT = 0.01;
/** So little above the least error that any approximation of its rank can have, the W found are as good as each other: what is left is what no W explains (docs/opnmf.md). */
const ROOM = 0.03;

/** Whether X is flat at rank k: M is nearly singular there. */
export function isFlat({ s }: PreparedMatrix, k: number): boolean {
  return k > 1 && (s[k - 1] as number) < FLAT * (s[0] as number);
}

/** The error above which a W of a flat problem may be one of very many that differ: 3 % above that of the best approximation of rank k (Eckart & Young 1936), ||X||^2 less the k largest squared singular values. */
export function poorError({ s, norm2 }: PreparedMatrix, k: number): number {
  let left = norm2;
  for (let j = 0; j < k; j++) left -= (s[j] as number) ** 2;
  return (1 + ROOM) * Math.sqrt(Math.max(0, left));
}

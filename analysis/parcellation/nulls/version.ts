/** Changes whenever the same region, parcellations and seed could give other nulls. */
export const NULLS_VERSION = 1;

/** Spectroscopy: which spectra are used, and concentrations corrected for what else is in the voxel. */
export * from './quality.js';
export * from './tissue.js';
export * from './gasparovic.js';
export * from './segmentation.js';

import { SulcusError } from '../contracts/errors.js';

/** A study that cannot be simulated. Codes: BAD_COHORT (name, size or twice), BAD_MESH_LEVEL. */
export class SimulationError extends SulcusError {}

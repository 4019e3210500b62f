/** Memory of this machine for programs of others, where nobody says how much. */
import { totalmem } from 'node:os';

/** Of the machine's memory, what is left to the system, to fits and to the worker itself. */
const RESERVED = 0.2;

/** MiB that programs may take together. `said`: GiB, as SULCUS_TOOL_MEMORY or --tool-memory gives them; empty: four fifths of what there is. */
export function memoryForPrograms(said = ''): number {
  return Math.floor(said !== '' ? Number(said) * 1024 : (memoryOfMachine() / 2 ** 20) * (1 - RESERVED));
}

/** Bytes: of the machine, or of the container it runs in. */
function memoryOfMachine(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** How programs that shipped pipelines use are had, by their names there. */
const HINTS: Readonly<Record<string, string>> = {
  mrtrix3: 'Debian, Ubuntu: apt-get install mrtrix3; others: mrtrix.org/download',
  fsl: 'see fsl.fmrib.ox.ac.uk/fsl/docs',
};

/** Null: nothing is known of the program. */
export function installHint(program: string): string | null {
  return Object.hasOwn(HINTS, program) ? (HINTS[program] ?? null) : null;
}

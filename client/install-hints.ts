/** How programs that shipped pipelines use are had, by their names there. */
const HINTS: Readonly<Record<string, string>> = {
  mrtrix3: 'Debian, Ubuntu: apt-get install mrtrix3; others: mrtrix.org/download',
  fsl: 'see fsl.fmrib.ox.ac.uk/fsl/docs',
  'minc-tools': 'Debian, Ubuntu: apt-get install minc-tools; others: bic-mni.github.io',
  'minc-toolkit': 'minc-toolkit-v2: bic-mni.github.io',
  ants: 'the one of minc-toolkit-v2, which reads MINC: bic-mni.github.io',
  civet: 'see github.com/aces/CIVET_Full_Project',
  lcmodel: 'see s-provencher.com/lcmodel.shtml; and python3',
  ghostscript: 'Debian, Ubuntu: apt-get install ghostscript',
};

/** Null: nothing is known of the program. */
export function installHint(program: string): string | null {
  return Object.hasOwn(HINTS, program) ? (HINTS[program] ?? null) : null;
}

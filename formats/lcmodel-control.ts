/** The control parameters that LCModel repeats in its output ("input changes", `$$INPU` of a .table): only those that were set. */

/** By lower-case name, the value as written without quotes, e.g. `nunfil` -> `1024`. Values cut over two lines keep their first part. */
export function readLcmodelControl(input: Uint8Array | string): Map<string, string> {
  const text = typeof input === 'string' ? input : Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1');
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^\s*\$\$INPU\b|lines in following table of input changes/i.test(line));
  const control = new Map<string, string>();
  if (start < 0) return control;
  for (const line of lines.slice(start + 1)) {
    const match = /^\s*([A-Za-z]\w*(?:\(\d+\))?)\s*=(.*)$/.exec(line);
    if (match) control.set((match[1] as string).toLowerCase(), (match[2] as string).trim().replace(/^'|'$/g, ''));
  }
  return control;
}

/** A number of the control parameters; Fortran may write D for E. null when it was not set. */
export function controlNumber(control: ReadonlyMap<string, string>, name: string): number | null {
  const text = control.get(name);
  const value = text === undefined || text === '' ? NaN : Number(text.replace(/[Dd]/, 'E'));
  return Number.isFinite(value) ? value : null;
}

/** A Fortran logical: T, .TRUE., true; null when it was not set. */
export function controlFlag(control: ReadonlyMap<string, string>, name: string): boolean | null {
  const text = control.get(name);
  return text === undefined ? null : /^\.?t/i.test(text);
}

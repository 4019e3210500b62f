import { describe, expect, it } from 'vitest';
import { FormatError, readLcmodelCoord, readLcmodelTable } from '../../../formats/index.js';
import { COORD, FILE, LCMODEL, MALFORMED } from './malformed.js';

describe('malformed files', () => {
  it('are many, each with its name', () => expect(new Set(MALFORMED.map((m) => m.name)).size).toBeGreaterThanOrEqual(60));

  it.each(MALFORMED)('$name: $code', ({ read, bytes, code, says, line, offset }) => {
    let error: unknown;
    const started = performance.now();
    try { read(bytes); } catch (e) { error = e; }
    expect(performance.now() - started).toBeLessThan(2000);
    expect(error).toBeInstanceOf(FormatError);
    const found = error as FormatError;
    expect(`${found.code}: ${found.message}`).toContain(`${code}: ${FILE}`);
    expect(found.message).toContain(says);
    expect(found.message).not.toMatch(/[\n\r]|undefined[,.]|NaN bytes|\[object/);
    expect(found.message.length).toBeLessThan(400);
    expect(found.remedy).toMatch(/^[A-Z].*[.?]$/s);
    if (line !== undefined) expect(found).toMatchObject({ line, message: expect.stringContaining(`line ${line}`) });
    if (offset !== undefined) expect(found).toMatchObject({ offset, message: expect.stringContaining(`byte ${offset}`) });
  });

  it('are broken copies of good ones', () => {
    const t = readLcmodelTable(LCMODEL, { file: FILE }), c = readLcmodelCoord(COORD, { file: FILE });
    expect(t.diagnostics.map((d) => [d.count, d.kind, d.code])).toEqual([[1, 'ERROR', 'WSCALE 1'], [2, 'info', 'RFALSI 11']]);
    expect(c.diagnostics).toMatchObject([{ count: 3, kind: 'ERROR', code: 'WSCALE 1' }]);
    expect([...c.concentrations]).toEqual([...t.concentrations]);
    expect([c.title, c.fwhmPpm, c.snr, c.hzpppm, c.background]).toEqual(['a spectrum', 0.084, 21, 123.23, null]);
    expect([Array.from(c.ppm), Array.from(c.data), Array.from(c.metabolites.get('Glu')!)]).toEqual([[4, 3.9, 3.8], [1e-5, 2e-5, -3e-101], [1e-6, 2e-6, 3e-6]]);
  });
});

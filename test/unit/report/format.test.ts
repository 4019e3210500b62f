import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCoefficient, formatDf, formatInstant, formatNumber, formatP, formatSeconds, formatStatistic, formatUnit } from '../../../report/format.js';
import { html } from '../../../report/html.js';
import { list } from '../../../report/words.js';

describe('numbers as text', () => {
  it.each([[3.14e-4, '3.1e-4'], [1e-40, '1.0e-40'], [9.996e-4, '1.0e-3'], [0.0123, '0.012'], [1, '1.000'], [0.04996, '0.04996'], [0.05, '0.050'], [0.0504, '0.0504'], [5e-324, '4.9e-324'], [0, '< 5e-324']])('p %s reads %s', (p, text) => {
    expect(formatP(p)).toBe(text);
  });

  it('p is never zero, and never rounds across the threshold', () => {
    fc.assert(fc.property(fc.double({ min: Number.MIN_VALUE, max: 1, noNaN: true }), fc.constantFrom(0.05, 0.01, 0.1), (p, alpha) => {
      const shown = Number(formatP(p, alpha));
      expect(shown).toBeGreaterThan(0);
      expect(shown < alpha).toBe(p < alpha);
    }));
  });

  it('keeps small values from printing as zero', () => {
    expect(formatStatistic(0.001)).toBe('0.00100'.slice(0, 6));
    expect(formatStatistic(-4.184)).toBe('-4.18');
    expect(formatCoefficient(1e-5)).toBe('1.0e-5');
    expect(formatNumber(8.41234e-4)).toBe('8.41e-4');
    expect(formatNumber(304.587, 5)).toBe('304.59');
    expect(formatNumber(0)).toBe('0');
  });

  it('writes df, times, instants and units', () => {
    expect([formatDf(45), formatDf(12.345)]).toEqual(['45', '12.35']);
    expect([0.42, 12.4, 185, 7440, 7199.9].map(formatSeconds)).toEqual(['0.4 s', '12 s', '3 min 5 s', '2 h 4 min', '2 h 0 min']);
    expect([formatInstant('2026-03-02T14:05:09Z'), formatInstant('soon')]).toEqual(['2026-03-02 14:05 UTC', 'soon']);
    expect(['mm2/s', 'mm', 'mm3', 'm2'].map(formatUnit)).toEqual(['mm²/s', 'mm', 'mm³', 'm²']);
  });
});

describe('html', () => {
  it('escapes everything but html, and prints nothing for nothing', () => {
    expect(html`<p title="${'"'}">${'<b>'}${html`<i>${'&'}</i>`}${null}${undefined}${false}${[1, 'a']}</p>`.text).toBe('<p title="&quot;">&lt;b&gt;<i>&amp;</i>1a</p>');
  });

  it('lists as English does', () => {
    expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', '<c>'])].map(String)).toEqual(['', 'a', 'a and b', 'a, b and &lt;c&gt;']);
  });
});

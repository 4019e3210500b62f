import { describe, expect, it } from 'vitest';
import { readPeriod, readTimeOfDay, showPeriod } from '../../../client/schedule/period.js';

describe('periods', () => {
  it.each([['90s', 90], ['30m', 1_800], ['24h', 86_400], ['7d', 604_800], ['2w', 1_209_600], ['1h30m', 5_400], ['1.5h', 5_400], [' 24h ', 86_400]])('%s', (text, seconds) => {
    expect(readPeriod('--every', text, 60)).toBe(seconds);
  });

  it.each(['', '24', 'h', 'daily', '24 hours', '24h!', '-24h', '1y', '1e3h', '59s', '400d', 'NaNh'])('refuses "%s"', (text) => {
    expect(() => readPeriod('--every', text, 60)).toThrow(expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining(`--every "${text}"`) }) as Error);
  });

  it('says what would be a period', () => {
    expect(() => readPeriod('--every', 'daily', 60)).toThrow(expect.objectContaining({ message: '--every "daily" is no length of time', remedy: 'e.g. --every 24h; the units are s, m, h, d and w' }) as Error);
    expect(() => readPeriod('--every', '5s', 60)).toThrow('--every "5s" is shorter than 1 min');
  });

  it.each([[0, '0 s'], [59, '59 s'], [60, '1 min'], [5_400, '1 h 30 min'], [86_400, '24 h'], [90_061, '25 h 1 min'], [180_000, '2 d 2 h'], [604_800, '7 d']])('%d s are %s', (seconds, text) => {
    expect(showPeriod(seconds)).toBe(text);
  });
});

describe('times of day', () => {
  it('are the local ones, counted from midnight UTC', () => {
    const now = new Date(2026, 0, 15, 12, 0), local = new Date(2026, 0, 15, 2, 30);
    expect(readTimeOfDay('02:30', 86_400, now)).toBe((local.getTime() / 1000) % 86_400);
  });

  it.each(['24:00', '2', '02:60', '02:30:00', 'noon'])('refuses "%s"', (text) => {
    expect(() => readTimeOfDay(text, 86_400, new Date())).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }) as Error);
  });

  it('go with whole days only', () => {
    expect(() => readTimeOfDay('02:30', 3_600, new Date())).toThrow('whole days');
    expect(readTimeOfDay('00:00', 2 * 86_400, new Date())).toBeLessThan(86_400);
  });
});

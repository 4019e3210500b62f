import { describe, expect, it } from 'vitest';
import { componentColours } from '../../../activities/publish/colours.js';

describe('colours of components', () => {
  it.each([1, 8, 9, 60, 200])('%i are different in bytes, none is black, all are colours', (count) => {
    const colours = componentColours(count), bytes = colours.map((c) => c.map((v) => Math.round(v * 255)).join());
    expect(colours).toHaveLength(count);
    expect(new Set(bytes).size).toBe(count);
    expect(bytes).not.toContain('0,0,0');
    expect(colours.flat().every((v) => v >= 0 && v <= 1)).toBe(true);
  });

  it('begin with the same ones whatever their number', () => expect(componentColours(30).slice(0, 12)).toEqual(componentColours(12)));
});

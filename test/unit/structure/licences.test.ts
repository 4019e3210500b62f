import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a script without types
import { isPermissive, licences } from '../../../tools/licences.mjs';

const permissive = isPermissive as (licence: string) => boolean;

describe('licences of what runs in production', () => {
  const found = (licences as (root: string) => Map<string, string[]>)(fileURLToPath(new URL('../../..', import.meta.url)));

  it('are all permissive', () => {
    expect(found.get('MIT')?.some((name) => name.startsWith('@temporalio/client@'))).toBe(true);
    expect([...found].filter(([licence]) => !permissive(licence))).toEqual([]);
  });

  it.each([['MIT', true], ['(MIT OR GPL-3.0)', true], ['Apache-2.0 AND MIT', true], ['Apache-2.0 AND GPL-3.0', false], ['none', false], ['AGPL-3.0', false]])('%s: %s', (licence, fine) => {
    expect(permissive(licence)).toBe(fine);
  });
});

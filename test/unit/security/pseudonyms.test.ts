/** Pseudonyms: one key a state folder, the same names in every process, and nobody with another's name. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logPseudonym, participantPseudonym, participantPseudonyms, pseudonymKey, pseudonymKeyFile, pseudonymKeyId } from '../../../security/index.js';

const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const people = (n: number): { cohort: string; id: string }[] => Array.from({ length: n }, (_, i) => ({ cohort: i % 2 === 0 ? 'tokyo' : 'toronto', id: `S${i}` }));

describe('pseudonyms', () => {
  // Python: hmac.new(bytes(range(32)), "tokyo\0TKY-001".encode(), hashlib.sha256).hexdigest()[:16]; of logs hmac.new(..., b"TKY-001", ...).hexdigest()[:8]
  it('are HMAC-SHA-256 of cohort, NUL and identifier; in logs, of the identifier', () => {
    expect(participantPseudonym(key, { cohort: 'tokyo', id: 'TKY-001' })).toBe('af8dcc64ffedfe22');
    expect(participantPseudonym(key, { cohort: 'toronto', id: 'Zoë 7' })).toBe('2b83bd8436301364');
    expect(logPseudonym(key, 'TKY-001')).toBe('<subject a9640382>');
  });

  it('of 50,000 participants are all different', () => {
    const names = participantPseudonyms(key, people(50_000));
    expect(new Set(names).size).toBe(50_000);
    expect(names[7]).toBe(participantPseudonym(key, { cohort: 'toronto', id: 'S7' }));
  });

  it('that two participants would share are refused', () => {
    // Of 17 names of one hexadecimal digit two are the same.
    expect(() => participantPseudonyms(key, people(17), 1)).toThrow(expect.objectContaining({ code: 'PSEUDONYM_COLLISION' }));
  });

  it('tell one id in two cohorts apart', () => {
    expect(participantPseudonym(key, { cohort: 'tokyo', id: '1' })).not.toBe(participantPseudonym(key, { cohort: 'toronto', id: '1' }));
  });
});

describe('the key of a state folder', () => {
  let state = '';
  beforeEach(() => { state = mkdtempSync(join(tmpdir(), 'sulcus-pseudonyms-')); });
  afterEach(() => rmSync(state, { recursive: true, force: true }));

  it('is made once, for its owner alone', () => {
    const made = pseudonymKey(state);
    expect(made).toHaveLength(32);
    expect(Buffer.from(pseudonymKey(state)).equals(made)).toBe(true);
    expect(statSync(pseudonymKeyFile(state)).mode & 0o777).toBe(0o600);
    expect(readdirSync(state)).toEqual(['pseudonym-key']);
  });

  it('has an id that tells keys apart and holds nothing of them', () => {
    const id = pseudonymKeyId(key);
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(id).not.toBe(pseudonymKeyId(pseudonymKey(state)));
    expect(Buffer.from(key).toString('hex')).not.toContain(id);
  });

  it.each([0, 31, 33])('of %i bytes is refused and left as it is', (bytes) => {
    writeFileSync(pseudonymKeyFile(state), new Uint8Array(bytes));
    expect(() => pseudonymKey(state)).toThrow(expect.objectContaining({ code: 'BAD_PSEUDONYM_KEY', message: expect.stringContaining(`${bytes} bytes`) }));
    expect(readFileSync(pseudonymKeyFile(state))).toHaveLength(bytes);
  });
});

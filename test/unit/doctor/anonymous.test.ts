/** What `sulcus doctor` says can be pasted anywhere: it names nobody, no machine and no folder. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anonymous, type Here } from '../../../client/doctor/anonymous.js';

const here: Here = {
  home: '/home/jdoe', user: 'jdoe', hostnames: ['mri7.hospital.example', 'mri7'],
  folders: [{ folder: '/data/sub-TKY001/.sulcus', label: '<state>' }, { folder: '/data/sub-TKY001', label: '<study>' }],
};

describe('a finding', () => {
  it.each([
    ['built in /home/jdoe/.cache/sulcus/temporal', 'built in ~/.cache/sulcus/temporal'],
    ["EACCES: permission denied, open '/data/sub-TKY001/.sulcus/server.json'", "EACCES: permission denied, open '<state>/server.json'"],
    ['/data/sub-TKY001/study.yaml is there', '<study>/study.yaml is there'],
    ['/usr/bin/temporal: its server 1.20.0 is older than 1.25.0', '/usr/bin/temporal: its server 1.20.0 is older than 1.25.0'],
    ['/mnt/scans/P0042/x: cannot be run', '<path>: cannot be run'],
    ['connect ECONNREFUSED 10.1.2.3:7233', 'connect ECONNREFUSED <address>:7233'],
    ['answers on 127.0.0.1:7233', 'answers on 127.0.0.1:7233'],
    ['owned by JDoe on mri7.hospital.example (MRI7)', 'owned by <user> on <host> (<host>)'],
    ['jdoes and mri70 are others', 'jdoes and mri70 are others'],
  ])('%s', (text, expected) => { expect(anonymous(text, here)).toBe(expected); });

  it('holds nobody whatever the text and the names are', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{2,10}$/).filter((n) => !['path', 'user', 'host', 'address', 'root', 'node', 'nobody'].some((w) => w.split('-').includes(n) || n === w));
    fc.assert(fc.property(name, name, name, fc.string(), (user, host, folder, other) => {
      const text = `${other} ${user} at ${host}: '/home/${user}/x' /srv/${folder}/y ${other}`;
      const said = anonymous(text, { home: `/home/${user}`, user, hostnames: [host], folders: [] }).replaceAll(/<(path|user|host|address)>/g, ' ');
      const words = said.toLowerCase().split(/[^\p{L}\p{N}-]+/u);
      expect(words).not.toContain(user);
      expect(words).not.toContain(host);
      expect(said).not.toContain(`/srv/${folder}`);
    }), { seed: 1 });
  });
});

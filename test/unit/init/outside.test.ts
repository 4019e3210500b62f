/** Linked data: from a folder to a study file that `check` takes, on real trees of links. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { checkStudy } from '../../../client/check/index.js';
import { composeStudy } from '../../../client/init/compose.js';
import { initialise, type Initialised } from '../../../client/init/index.js';
import { findOutside } from '../../../client/init/outside.js';
import type { Proposal } from '../../../client/init/propose.js';
import { loadStudy } from '../../../config/index.js';
import { simulateStudy } from '../../../simulate/index.js';

let whole: string, root: string, study: string;
beforeAll(async () => {
  whole = mkdtempSync(join(tmpdir(), 'sulcus-links-'));
  await simulateStudy(whole, { seed: 1, cohorts: [{ name: 'tokyo', size: 6 }], effect: 'paper', meshLevel: 3 });
  for (const name of ['study.yaml', 'truth', 'tokyo/dwi']) rmSync(join(whole, name), { recursive: true });
});
afterAll(() => rmSync(whole, { recursive: true, force: true }));
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sulcus-links-')));
  study = join(root, 'study');
  cpSync(whole, study, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const init = (): Promise<Initialised> => initialise(study, { file: join(study, 'study.yaml'), force: true, name: 'test' }, async (_, __, likely) => likely);
const place = (...parts: string[]): string => join(root, ...parts);
/** Moves something of the study and leaves a link in its place. */
function moveAway(name: string, to: string, as = to): void {
  mkdirSync(dirname(to), { recursive: true });
  renameSync(join(study, name), to);
  symlinkSync(as, join(study, name));
}
/** Files below a folder of the study. */
const filesIn = (name: string): string[] => readdirSync(join(study, name), { withFileTypes: true, recursive: true }).filter((e) => e.isFile()).map((e) => relative(study, join(e.parentPath, e.name)));

const check = async (): Promise<string[]> =>
  (await checkStudy(await loadStudy(join(study, 'study.yaml')), { threads: 0 })).problems.filter((p) => p.severity === 'error').map((p) => `${p.code} ${p.message}`);

/** What `init` allows, after `check` found nothing wrong with it. */
async function allowed(): Promise<string[]> {
  const { proposal } = await init();
  expect(proposal.missing).toEqual([]);
  expect((await loadStudy(join(study, 'study.yaml'))).spec.outside ?? []).toEqual(proposal.outside.folders);
  expect(await check()).toEqual([]);
  return proposal.outside.folders;
}

it('without links there is nothing to allow, and the file says nothing of it', async () => {
  expect((await init()).text).not.toContain('outside');
});

it('a folder that is linked is allowed, though it is linked through another link', async () => {
  symlinkSync(place('disk'), place('data'));
  moveAway('tokyo/civet', place('disk', 'civet'), place('data', 'civet'));
  expect(await allowed()).toEqual([place('disk', 'civet')]);
  const { text } = await init();
  expect(text).toMatch(/^# 24 of the files above lie elsewhere, where links in this folder lead\.[^]*^outside: \["[^"]*\/disk\/civet"\]$/m);
  writeFileSync(join(study, 'study.yaml'), text.replace(/^outside:.*$/m, ''));
  expect((await check()).join('\n')).toContain('OUTSIDE_STUDY');
});

it('a cohort that is linked with its table', async () => {
  moveAway('tokyo', place('lab', 'tokyo'));
  expect(await allowed()).toEqual([place('lab', 'tokyo')]);
});

it('participants who are linked one by one, and the atlas: neither of them is named, nor what holds the study', async () => {
  for (const id of readdirSync(join(study, 'tokyo', 'civet'))) moveAway(`tokyo/civet/${id}`, place('archive', '2019', id));
  moveAway('atlas', place('atlases', 'dkt'));
  expect(await allowed()).toEqual([place('archive', '2019'), place('atlases', 'dkt')]);
});

it('files that are linked one by one', async () => {
  for (const name of [...filesIn('tokyo/civet'), ...filesIn('tokyo/mrs')]) moveAway(name, place('flat', name.replace(/^tokyo\//, '')));
  expect(await allowed()).toEqual([place('flat', 'civet'), place('flat', 'mrs')]);
});

/** As git-annex keeps files: read-only objects under their keys, and relative links to them. */
function annex(dataset: string): void {
  filesIn('tokyo').concat(filesIn('atlas')).forEach((name, i) => {
    const key = `MD5E-s1--${i}`, object = join(dataset, '.git', 'annex', 'objects', `x${i % 7}`, `k${i % 5}`, key, key);
    moveAway(name, object, relative(dirname(join(study, name)), object));
  });
}

it('a folder of a dataset needs the objects of the dataset, and nothing else of it', async () => {
  annex(root);
  expect(await allowed()).toEqual([place('.git', 'annex', 'objects')]);
});

it('a dataset of git-annex needs nothing, its objects lie within; those that were not fetched are told, with how to', async () => {
  annex(study);
  expect(await allowed()).toEqual([]);
  rmSync(join(study, '.git', 'annex', 'objects', 'x0'), { recursive: true });
  expect((await init()).proposal.assumed.join('\n')).toMatch(/left out: \d+ links that lead to nothing; .*datalad get/);
  rmSync(join(study, '.git'), { recursive: true });
  await expect(init()).rejects.toMatchObject({ code: 'NO_SUBJECTS', message: expect.stringMatching(/; \d+ links lead to nothing$/), remedy: expect.stringContaining('datalad get .') });
});

it('links in a circle, and to the folder that holds the study, come to an end', async () => {
  moveAway('tokyo/civet', place('data', 'civet'));
  symlinkSync(place('data'), place('data', 'civet', 'again'));
  symlinkSync(study, place('data', 'civet', 'back'));
  symlinkSync('..', join(study, 'tokyo', 'up'));
  expect(await allowed()).toEqual([place('data', 'civet')]);
});

it('what would take a home folder, or the folders of many participants in it, is left to a person', async () => {
  const { proposal } = await init(), [cohort] = proposal.cohorts;
  const ids = Array.from({ length: 21 }, (_, i) => `P${i + 1}`);
  for (const id of ids) {
    mkdirSync(place(id));
    writeFileSync(place(id, 'thickness_left.txt'), '');
    symlinkSync(place(id), join(study, id));
  }
  const linked: Proposal = { ...proposal, cohorts: [{ ...cohort!, folder: '.', ids, table: null }], metrics: [{ ...proposal.metrics[0]!, template: '{id}/thickness_{side}.txt' }], spectroscopy: null };
  const outside = await findOutside(study, linked, root);
  expect(outside).toEqual({ folders: [], files: 21, forPerson: true });
  symlinkSync(root, join(study, 'cohort'));
  expect(await findOutside(study, { ...linked, cohorts: [{ ...cohort!, folder: 'cohort', ids: ids.slice(0, 2), table: null }] }, root)).toEqual({ folders: [], files: 2, forPerson: true });
  expect(composeStudy({ ...linked, outside })).toContain('# FILL IN: 21 files are linked from outside of this folder; name where links may lead\n# outside:');
});

/** Which folders a study file allows for linked files, by their paths alone. */
import { describe, expect, it } from 'vitest';
import { placesOf } from '../../../client/init/outside.js';
import { fewestFolders, type Linked, type Places } from '../../../client/init/roots.js';

/** A study in /data/lab/study of one who lives in /home/ann. */
const places: Places = placesOf('/data/lab/study', '/home/ann');
const ids = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6'];
/** Files of six participants, one by one. */
const each = (path: (id: string) => string, of: readonly string[] = ids): Linked[] => of.map((id) => { const p = path(id); return { path: p, folder: p.slice(0, p.lastIndexOf('/')), id }; });
const one = (path: string): Linked[] => [{ path, folder: path.slice(0, path.lastIndexOf('/')), id: null }];

describe('the folders for linked files', () => {
  it.each<[string, Linked[][], string[]]>([
    ['none for none', [[], []], []],
    ['the one above the participants', [each((id) => `/data/civet/${id}/thickness/${id}.txt`), each((id) => `/data/civet/${id}/surfaces/${id}.txt`)], ['/data/civet']],
    ['one within another is not named', [each((id) => `/data/civet/${id}/x.txt`), one('/data/civet/atlas/labels.txt')], ['/data/civet']],
    ['apart where only a top-level folder is in common', [each((id) => `/data/tokyo/${id}.txt`), each((id) => `/data/toronto/${id}.txt`), each((id) => `/data/kyoto/${id}.txt`)], ['/data/kyoto', '/data/tokyo', '/data/toronto']],
    ['apart where the one in common holds the study', [each((id) => `/data/lab/a/${id}.txt`), each((id) => `/data/lab/b/${id}.txt`), each((id) => `/data/lab/c/${id}.txt`)], ['/data/lab/a', '/data/lab/b', '/data/lab/c']],
    ['two side by side', [each((id) => `/data/flat/area/${id}.txt`), each((id) => `/data/flat/md/${id}.txt`)], ['/data/flat/area', '/data/flat/md']],
    ['three side by side become one', [each((id) => `/data/flat/area/${id}.txt`), each((id) => `/data/flat/md/${id}.txt`), each((id) => `/data/flat/fa/${id}.txt`)], ['/data/flat']],
    ['of participants on two disks, one each, not /', [[...each((id) => `/disk1/civet/${id}/x.txt`, ['S1', 'S2', 'S3']), ...each((id) => `/disk2/civet/${id}/x.txt`, ['S4', 'S5', 'S6'])]], ['/disk1/civet', '/disk2/civet']],
    ['of a participant who is alone on a disk, nobody is named', [[...each((id) => `/disk1/civet/${id}/x.txt`, ['S1', 'S2', 'S3']), ...each((id) => `/disk2/old/civet/${id}/x.txt`, ['S4'])]], ['/disk1/civet', '/disk2/old/civet']],
    ['a top-level folder where the participants are in it', [each((id) => `/data/${id}/x.txt`)], ['/data']],
    ['sites in a top-level folder by themselves', [[...each((id) => `/data/east/${id}/x.txt`, ['S1', 'S2', 'S3']), ...each((id) => `/data/west/${id}/x.txt`, ['S4', 'S5', 'S6'])]], ['/data/east', '/data/west']],
    ['in a home folder, what is in it', [each((id) => `/home/ann/civet/${id}/x.txt`), one('/home/ann/atlas/labels.txt'), one('/home/ann/dwi/a.txt')], ['/home/ann/atlas', '/home/ann/civet', '/home/ann/dwi']],
    ['of two people, not the folder of all homes', [[...each((id) => `/home/bob/civet/${id}/x.txt`, ['S1', 'S2']), ...each((id) => `/home/cy/civet/${id}/x.txt`, ['S3', 'S4'])]], ['/home/bob/civet', '/home/cy/civet']],
    ['a file that lies in a home folder itself, by itself', [one('/home/ann/labels.txt')], ['/home/ann/labels.txt']],
    ['participants in a home folder, each', [each((id) => `/home/ann/${id}/x.txt`, ['S1', 'S2'])], ['/home/ann/S1', '/home/ann/S2']],
  ])('%s', (_, groups, folders) => {
    expect(fewestFolders(groups, places)).toEqual(folders);
  });
});

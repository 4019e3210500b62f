/**
 * Stand-ins for programs that cannot be had here: N4BiasFieldCorrection and ImageMath of ANTs, autocrop, bestlinreg_g and itk_resample of minc-toolkit, CIVET 2.1 and
 * LCModel. Each takes the arguments that its sources or documents name and no others, finds its inputs by the real rules, ends with the real exit codes (CIVET and
 * LCModel: 0, whatever happens) and writes files of the real formats. What CIVET and LCModel "find" is not computed: scan and spectrum hold a number, and the folder
 * of answers what belongs to it. MINC is read and written by the real minc-tools.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A scan of participant n is as bright as this, plus ten times n. */
export const BRIGHTNESS = 1000;

const COMMON = String.raw`
const fs = require('fs'), path = require('path'), { execFileSync } = require('child_process');
const me = path.basename(process.argv[1]), ANSWERS = path.join(path.dirname(process.argv[1]), 'answers');
const end = (code, text) => { process.stderr.write(me + ': ' + text + '\n'); process.exit(code); };
const run = (program, ...args) => execFileSync(program, args.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const isMinc = (file) => { const head = Buffer.alloc(4), fd = fs.openSync(file, 'r'); fs.readSync(fd, head, 0, 4, 0); fs.closeSync(fd); return head.toString('latin1') === '\x89HDF' || head.toString('latin1', 0, 3) === 'CDF'; };
const minc = (file) => { if (!fs.existsSync(file)) end(1, 'cannot find ' + file); if (!isMinc(file)) end(1, 'not a MINC file: ' + file); return file; };
/** Options by name with the number of values each takes; what is left are the arguments. */
function parse(given, table, unknown) {
  const options = {}, left = [];
  for (let i = 0; i < given.length; i++) {
    const name = given[i], count = table[name];
    if (count !== undefined) { if (i + count >= given.length + (count === 0 ? 1 : 0)) end(unknown, name + ' needs ' + count + ' values'); options[name] = given.slice(i + 1, i + 1 + count); i += count; }
    else if (/^-[^0-9]/.test(name)) end(unknown, 'unrecognized option ' + name);
    else left.push(name);
  }
  return { options, left };
}
const given = process.argv.slice(2);
`;

const N4 = String.raw`
if (given[0] === '--version') { console.log('ANTs Version: 2.4.3.dev12-gabc\nCompiled: Jan  1 2023 00:00:00'); process.exit(0); }
const { options: o, left } = parse(given, { '-d': 1, '-i': 1, '-o': 1, '-x': 1, '-w': 1, '-s': 1, '-b': 1, '-c': 1, '--histogram-sharpening': 1 }, 1);
if (left.length > 0 || !o['-i'] || !o['-o'] || o['-d'][0] !== '3') end(1, 'usage');
for (const name of ['-b', '-c', '--histogram-sharpening']) if (!/^\[[\d.,x]+\]$/.test(o[name][0])) end(1, 'cannot read ' + o[name][0]);
run('minccalc', '-quiet', '-float', '-expression', 'A[0]*(A[1]>0)+0*A[2]', minc(o['-i'][0]), minc(o['-x'][0]), minc(o['-w'][0]), o['-o'][0]);
`;

const IMAGE_MATH = String.raw`
const [dimension, output, operation, input, value, ...more] = given;
if (dimension !== '3' || operation !== 'ThresholdAtMean' || !(Number(value) > 0) || more.length > 0) end(1, 'usage');
const mean = Number(/Mean: *(\S+)/.exec(run('mincstats', '-mean', minc(input)))[1]);
run('minccalc', '-quiet', '-byte', '-unsigned', '-expression', 'A[0]>' + mean * Number(value), input, output);
`;

const BESTLINREG = String.raw`
const { options: o, left } = parse(given, { '-verbose': 0, '-noverbose': 0, '-clobber': 0, '-source_mask': 1, '-target_mask': 1, '-init_xfm': 1, '-lsq6': 0, '-lsq9': 0, '-lsq12': 0, '-nmi': 0, '-mi': 0 }, 1);
if (process.env.PERL5LIB !== 'mni') end(2, "Can't locate MNI/Startup.pm in @INC");
if (left.length !== 3 && left.length !== 4) end(255, 'Usage: bestlinreg_g [options] source.mnc target.mnc output.xfm [output.mnc]');
[left[0], left[1], ...(o['-target_mask'] || [])].forEach(minc);
if (fs.existsSync(left[2]) && !o['-clobber']) end(255, left[2] + ' exists, -clobber to overwrite');
// Scans of the tests are 6 mm to the right of the model.
fs.writeFileSync(left[2], 'MNI Transform File\n%stand-in\n\nTransform_Type = Linear;\nLinear_Transform =\n 1 0 0 -6\n 0 1 0 0\n 0 0 1 0;\n');
`;

const ITK_RESAMPLE = String.raw`
const { options: o, left } = parse(given, { '--verbose': 0, '--quiet': 0, '--clobber': 0, '--like': 1, '--transform': 1, '--order': 1, '--invert_transform': 0, '--labels': 0, '--float': 0, '--short': 0, '--byte': 0 }, 1);
if (left.length !== 2) end(1, 'Usage: itk_resample <input> <output>');
if (fs.existsSync(left[1]) && !o['--clobber']) end(1, left[1] + ' Exists!');
run('mincresample', '-quiet', '-clobber', '-nearest_neighbour', '-byte', '-unsigned', '-keep_real_range', '-like', minc(o['--like'][0]), '-transformation', o['--transform'][0], minc(left[0]), left[1]);
`;

const AUTOCROP = String.raw`
if (process.env.PERL5LIB !== 'mni') end(2, "Can't locate MNI/Startup.pm in @INC");
if (given[0] === '-version') { console.log('\nautocrop 1.0.1, built from:\nmni_autoreg 1.0.1\n'); process.exit(0); }
const { options: o, left } = parse(given, { '-clobber': 0, '-bbox': 1, '-isoexpand': 1 }, 1);
const expand = Number(/^(\d+)mm$/.exec(o['-isoexpand'][0])[1]);
if (left.length !== 2 || (fs.existsSync(left[1]) && !o['-clobber'])) end(1, 'Usage: autocrop [options] volume crop_volume');
const mask = minc(o['-bbox'][0]), axes = ['zspace', 'yspace', 'xspace'], about = (name) => axes.map((axis) => Number(run('mincinfo', '-' + name, axis, mask)));
const size = about('dimlength'), step = axes.map((axis) => Math.abs(Number(run('mincinfo', '-attvalue', axis + ':step', mask))));
const voxels = execFileSync('minctoraw', ['-byte', '-unsigned', '-nonormalize', mask], { maxBuffer: 1e9 }), low = [...size], high = [-1, -1, -1];
voxels.forEach((value, at) => {
  if (value === 0) return;
  const index = [Math.floor(at / (size[1] * size[2])), Math.floor(at / size[2]) % size[1], at % size[2]];
  index.forEach((i, a) => { low[a] = Math.min(low[a], i); high[a] = Math.max(high[a], i); });
});
if (high[0] < 0) end(1, 'no bounding box');
const from = low.map((i, a) => Math.max(0, i - Math.ceil(expand / step[a]))), to = high.map((i, a) => Math.min(size[a] - 1, i + Math.ceil(expand / step[a])));
run('mincreshape', '-quiet', '-clobber', '-start', from.join(','), '-count', to.map((i, a) => i - from[a] + 1).join(','), minc(left[0]), left[1]);
`;

const CIVET = String.raw`
if (process.env.PERL5LIB !== 'mni') end(2, "Can't locate MNI/Startup.pm in @INC");
if (given[0] === '-help') { console.log('\nCIVET_Processing_Pipeline, version 2.1.1, released December, 2018.\n    Released by the authors.'); process.exit(1); }
const { options: o, left: ids } = parse(given, {
  '-spawn': 0, '-queue': 1, '-hosts': 1, '-qopts': 1, '-granular': 0, '-no-granular': 0, '-sourcedir': 1, '-targetdir': 1, '-prefix': 1, '-id-subdir': 0, '-id-file': 1, '-template': 1, '-model': 1,
  '-surfreg-model': 1, '-surface-atlas': 1, '-multispectral': 0, '-interp': 1, '-headheight': 1, '-N3-distance': 1, '-N3-damping': 1, '-lsq6': 0, '-lsq12': 0, '-no-surfaces': 0, '-hi-res-surfaces': 0,
  '-thickness': 2, '-resample-surfaces': 0, '-no-resample-surfaces': 0, '-mean-curvature': 0, '-no-mean-curvature': 0, '-area-fwhm': 1, '-volume-fwhm': 1, '-combine-surfaces': 0, '-VBM': 0, '-no-VBM': 0,
  '-run': 0, '-print-status': 0, '-reset-all': 0,
}, 255);
if (ids.length === 0) end(255, 'USAGE');
if (!o['-sourcedir'] || !o['-targetdir']) end(255, 'You must specify -targetdir and -sourcedir');
if (!/^\+?(\d+(\.\d*)?|\.\d+)$/.test((o['-N3-distance'] || [''])[0])) end(255, 'ERROR: Value of -N3-distance must be a positive integer number.');
const [methods, kernels] = o['-thickness'] || ['tlink', '30'], areas = (o['-area-fwhm'] || ['40'])[0], volumes = (o['-volume-fwhm'] || ['40'])[0];
if (methods.split(':').some((one) => !['tlink', 'tlaplace', 'tfs', 'tnear', 'tnormal'].includes(one)) || [kernels, areas, volumes].some((list) => !/^[\d.]+(:[\d.]+)*$/.test(list))) end(255, 'ERROR: Cortical thickness method');
console.log('\n* This is CIVET 2.1.1, December, 2018');
if (!o['-run']) process.exit(0);
if (!o['-spawn'] && process.env.CIVET_JOB_SCHEDULER !== 'DEFAULT') end(1, 'no queue here');
const prefix = o['-prefix'] ? o['-prefix'][0] + '_' : '', target = fs.realpathSync(o['-targetdir'][0]);
for (const id of ids) {
  const name = prefix + id, at = (...parts) => path.join(target, id, ...parts), put = (content, ...parts) => { fs.mkdirSync(path.dirname(at(...parts)), { recursive: true }); fs.writeFileSync(at(...parts), content); };
  const scan = path.join(fs.realpathSync(o['-sourcedir'][0]), name + '_t1.mnc');
  put('started\n', 'logs', id + '.clean_native_scan.log');
  if (!fs.existsSync(scan) || !isMinc(scan)) { put('', 'logs', id + '.clean_native_scan.failed'); continue; }
  fs.mkdirSync(at('native'), { recursive: true });
  run('minccalc', '-quiet', '-clobber', '-expression', 'A[0]', scan, at('native', name + '_t1.mnc'));
  const n = Math.round((Number(/Max: *(\S+)/.exec(run('mincstats', '-max', scan))[1]) - ${BRIGHTNESS}) / 10), answer = (file) => fs.readFileSync(path.join(ANSWERS, String(n), file));
  if (!fs.existsSync(path.join(ANSWERS, String(n)))) { put('', 'logs', id + '.classify.failed'); continue; }
  put('MNI Transform File\n%stand-in\n\nTransform_Type = Linear;\nLinear_Transform =\n 1 0 0 0\n 0 1 0 0\n 0 0 1 0;\n', 'transforms', 'linear', name + '_t1_tal.xfm');
  if (o['-no-surfaces']) continue;
  for (const side of ['left', 'right']) {
    const mesh = answer('mid_' + side + '.obj');
    put(mesh, 'surfaces', name + '_mid_surface_' + side + '_81920.obj');
    for (const method of methods.split(':')) for (const kernel of kernels.split(':')) for (const rsl of ['', '_rsl']) put(answer('thickness_' + side + '.txt'), 'thickness', name + '_native_rms' + rsl + '_' + method + '_' + kernel + 'mm_' + side + '.txt');
    if (!o['-resample-surfaces']) continue;
    put(mesh, 'surfaces', name + '_mid_surface_rsl_' + side + '_81920.obj');
    for (const kernel of areas.split(':')) put(answer('area_' + side + '.txt'), 'surfaces', name + '_mid_surface_rsl_' + side + '_native_area_' + kernel + 'mm.txt');
    for (const kernel of volumes.split(':')) put(answer('area_' + side + '.txt'), 'surfaces', name + '_surface_rsl_' + side + '_native_volume_' + kernel + 'mm.txt');
  }
  put(answer('qc.txt'), 'verify', name + '_civet_qc.txt');
  for (const picture of ['verify', 'clasp', 'atlas']) put(answer('picture.png'), 'verify', name + '_' + picture + '.png');
}
`;

const LCMODEL = String.raw`
const control = fs.readFileSync(0, 'latin1'), block = /\$LCMODL\b([^]*?)\$END/i.exec(control);
const fatal = (number) => { console.log('***      FATAL ERROR  MYCONT  ' + number + '\n     This error occurred before the plot could be produced.\n     See the Diagnostics list in the LCModel Manual.  ***'); process.exit(0); };
if (given.length > 0 || block === null) fatal(1);
const values = {}, KNOWN = ['key', 'title', 'owner', 'filraw', 'filh2o', 'filbas', 'filps', 'filtab', 'filcoo', 'filcsv', 'filpri', 'ltable', 'lcoord', 'lps', 'lcsv', 'lprint', 'nunfil', 'deltat', 'hzpppm', 'ppmst', 'ppmend', 'dows', 'doecc', 'atth2o', 'attmet', 'wconc', 'nratio', 'sddegz', 'neach'];
for (const found of block[1].matchAll(/([A-Za-z]\w*)\s*=\s*('(?:[^']|'')*'|[^,'\n]*)/g)) {
  const [, name, value] = found;
  if (!KNOWN.includes(name.toLowerCase())) fatal(2);
  values[name.toLowerCase()] = value.trim().replace(/^'|'$/g, '').slice(0, 255);
}
const plot = (text) => fs.writeFileSync(values.filps, '%!PS-Adobe-2.0\n%%Creator: LCModel\n/Helvetica findfont 12 scalefont setfont 72 72 moveto (' + text + ') show showpage\n');
const points = (file) => { const text = fs.readFileSync(file, 'latin1'), [, head, data] = /(\$NMID[^]*?\$END)([^]*)/.exec(text) || []; return head ? data.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number)) : null; };
// As with the real one: a page that says no more than that, and no table.
if (!fs.existsSync(values.filraw || '') || (points(values.filraw) || []).length !== Number(values.nunfil)) { plot('no data'); process.exit(0); }
const scaled = /^\.?t/i.test(values.dows || 'f');
if (scaled && (points(values.filh2o) || []).length !== Number(values.nunfil)) { plot('no water'); process.exit(0); }
const fitted = fs.existsSync(values.filbas), n = Math.round(points(values.filraw)[0][0]);
const table = fitted ? fs.readFileSync(path.join(ANSWERS, String(n), 'table'), 'latin1') : ' LCModel (Version 6.3-1N)\n\n$$DIAG  1 lines in following diagnostic table:\n   1 FATAL     MYBASI 28\n';
if (values.ltable === '7') fs.writeFileSync(values.filtab, table.replace(/hzpppm=\S+/, 'hzpppm=' + values.hzpppm + (scaled ? '\n dows=T' : '')));
if (values.lcoord === '9') fs.writeFileSync(values.filcoo, ' LCModel (Version 6.3-1N)\n' + table);
plot('fit');
`;

const PROGRAMS = { N4BiasFieldCorrection: N4, ImageMath: IMAGE_MATH, bestlinreg_g: BESTLINREG, itk_resample: ITK_RESAMPLE, autocrop: AUTOCROP, CIVET_Processing_Pipeline: CIVET, lcmodel: LCMODEL };

/** Writes the programs into `folder`; what they find is in `folder`/answers/NUMBER. */
export function installStandIns(folder: string): void {
  for (const [name, code] of Object.entries(PROGRAMS)) writeFileSync(join(folder, name), `#!${process.execPath}\n${COMMON}${code}`, { mode: 0o755 });
}

/** What the page for rating does. Plain JavaScript: no library, no request. What is rated stays in the browser's storage under digests, never under a name. */
export const RATING_SCRIPT = String.raw`(function () {
'use strict';
var data = JSON.parse(document.getElementById('data').textContent), items = data.items, KEY = 'sulcus-rate:' + data.id;
var WORDS = { good: 'good', doubtful: 'doubtful', unfit: 'unfit' }, filter = 'all', at = 0, keeps = true, dirty = false;
var byId = function (id) { return document.getElementById(id); };
var state = load();

function load() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch (error) {
    return {};
  }
}
function keep() {
  dirty = true;
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
  } catch (error) {
    keeps = false;
  }
  byId('unkept').hidden = keeps;
}
function of(item) { return state[item.id] || { rating: null, note: '' }; }
function ratingOf(item) { var rating = of(item).rating; return WORDS[rating] ? rating : null; }
function matches(item) { var rating = ratingOf(item); return filter === 'all' || (filter === 'unrated' ? rating === null : rating === filter); }
function find(from, step) {
  for (var i = from; i >= 0 && i < items.length; i += step) if (matches(items[i])) return i;
  return -1;
}
function say(text) { byId('said').textContent = text; }
function count(test) { return items.filter(test).length; }

function counts() {
  var rated = count(function (item) { return ratingOf(item) !== null; });
  byId('progress').value = rated;
  byId('rated').textContent = rated + ' of ' + items.length + ' rated';
  ['all', 'unrated', 'doubtful', 'unfit'].forEach(function (name) {
    var was = filter, button = byId('filter-' + name);
    filter = name;
    button.querySelector('span').textContent = count(matches);
    filter = was;
    button.setAttribute('aria-pressed', String(name === filter));
  });
}
function show(index, quiet) {
  at = index;
  var item = items[at], own = of(item), rating = ratingOf(item), picture = byId('sheet'), image = byId('picture');
  byId('who').textContent = item.participant;
  byId('where').textContent = item.cohort + ', ' + (at + 1) + ' of ' + items.length;
  if (image.getAttribute('src') !== item.image) {
    byId('broken').hidden = true;
    image.src = item.image;
    image.alt = 'Contact sheet of ' + item.participant;
    picture.href = item.image;
  }
  Object.keys(WORDS).forEach(function (word) { byId('rate-' + word).setAttribute('aria-pressed', String(rating === word)); });
  byId('rate-clear').disabled = rating === null;
  byId('note').value = own.note || '';
  byId('quality').replaceChildren.apply(byId('quality'), item.quality.map(function (one) {
    var row = document.createElement('div'), name = document.createElement('dt'), value = document.createElement('dd');
    name.textContent = one[0];
    value.textContent = one[1];
    row.append(name, value);
    return row;
  }));
  byId('numbers').hidden = item.quality.length === 0;
  byId('previous').disabled = find(at - 1, -1) < 0;
  byId('next').disabled = find(at + 1, 1) < 0;
  counts();
  [at + 1, at + 2, at - 1].forEach(function (i) { if (items[i]) new Image().src = items[i].image; });
  if (!quiet) say(item.participant + ', ' + (at + 1) + ' of ' + items.length + ', ' + (rating || 'not rated'));
}
function go(index, words) {
  if (index >= 0) show(index);
  else say(words);
}
var next = function () { go(find(at + 1, 1), 'That was the last of these.'); }, previous = function () { go(find(at - 1, -1), 'That is the first of these.'); };
function rate(word) {
  var item = items[at];
  state[item.id] = { rating: word, note: of(item).note || '' };
  keep();
  var to = word === null ? -1 : find(at + 1, 1), left = count(function (one) { return ratingOf(one) === null; });
  if (to >= 0) { show(to, true); say(item.participant + ': ' + word + '. Now ' + items[at].participant); }
  else { show(at, true); say(item.participant + ': ' + (word || 'no rating') + (left === 0 ? '. All are rated: save them.' : word === null ? '' : '. That was the last of these; ' + left + ' are not rated.')); }
}
function choose(name) {
  filter = name;
  counts();
  if (matches(items[at])) show(at, true);
  else {
    var to = find(at, 1);
    if (to < 0) to = find(at, -1);
    if (to >= 0) show(to, true);
    else { show(at, true); say('None is ' + name + '.'); return; }
  }
  say(name === 'all' ? 'All participants' : 'Only those ' + name);
}
function cell(text) {
  text = String(text).replace(/[\t\r\n]+/g, ' ').trim();
  return text.indexOf('"') < 0 ? text : '"' + text.replace(/"/g, '""') + '"';
}
function save() {
  var rows = items.filter(function (item) { return ratingOf(item) !== null; }).map(function (item) {
    return [item.cohort, item.participant, data.pipeline, data.step, ratingOf(item), of(item).note || 'n/a', item.outputs].map(cell).join('\t');
  });
  if (rows.length === 0) { say('Nobody is rated: there is nothing to save.'); return; }
  var notes = count(function (item) { return ratingOf(item) === null && of(item).note; });
  var link = document.createElement('a'), blob = new Blob([['cohort', 'participant', 'pipeline', 'step', 'rating', 'note', 'outputs'].join('\t') + '\n' + rows.join('\n') + '\n'], { type: 'text/tab-separated-values;charset=utf-8' });
  link.href = URL.createObjectURL(blob);
  link.download = 'ratings.tsv';
  link.click();
  setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  dirty = false;
  say(rows.length + (rows.length === 1 ? ' rating' : ' ratings') + ' saved to ratings.tsv' + (notes > 0 ? '; notes of ' + notes + ' without a rating are not in it' : '') + '.');
}
function key(event) {
  var name = event.key.toLowerCase(), writing = event.target === byId('note');
  if ((event.ctrlKey || event.metaKey) && !event.altKey && name === 's') { event.preventDefault(); save(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (writing) { if (name === 'escape') { byId('note').blur(); byId('main').focus(); } return; }
  var moves = { arrowleft: previous, arrowright: next, home: function () { go(find(0, 1), ''); }, end: function () { go(find(items.length - 1, -1), ''); } };
  var letters = {
    1: function () { rate('good'); }, 2: function () { rate('doubtful'); }, 3: function () { rate('unfit'); }, 0: function () { rate(null); }, n: function () { byId('note').focus(); },
  };
  letters.g = letters[1]; letters.d = letters[2]; letters.u = letters[3];
  var does = moves[name] || (byId('letters').checked ? letters[name] : undefined);
  if (!does) return;
  event.preventDefault();
  does();
}

document.addEventListener('keydown', key);
Object.keys(WORDS).forEach(function (word) { byId('rate-' + word).addEventListener('click', function () { rate(word); }); });
byId('rate-clear').addEventListener('click', function () { rate(null); });
['all', 'unrated', 'doubtful', 'unfit'].forEach(function (name) { byId('filter-' + name).addEventListener('click', function () { choose(name); }); });
byId('previous').addEventListener('click', previous);
byId('next').addEventListener('click', next);
byId('save').addEventListener('click', save);
byId('note').addEventListener('input', function () {
  var item = items[at];
  state[item.id] = { rating: ratingOf(item), note: byId('note').value };
  keep();
});
byId('picture').addEventListener('error', function () { byId('broken').hidden = false; });
addEventListener('beforeunload', function (event) { if (dirty && !keeps) event.preventDefault(); });
byId('progress').max = items.length;
var restored = count(function (item) { return ratingOf(item) !== null; }), first = items.findIndex(function (item) { return ratingOf(item) === null; });
show(first < 0 ? 0 : first, true);
say(restored === 0 ? '' : restored + ' rated earlier on this page ' + (restored === 1 ? 'is' : 'are') + ' kept.');
})();`;

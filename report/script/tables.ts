/** Sorting by a column, filtering rows, and copying what is shown as tab-separated text at full precision. */
export const TABLES_SCRIPT = String.raw`
function exact(cell) {
  var found = Array.from(cell.querySelectorAll('data'));
  if (found.length > 0) return found.map(function (one) { return one.getAttribute('value'); });
  if (cell.querySelector('.missing')) return ['n/a'];
  return [cell.textContent.replace(/\s+/g, ' ').trim()];
}
function keyOf(row, column) {
  var cell = row.cells[column], one = cell && cell.querySelector('data');
  return one ? Number(one.getAttribute('value')) : cell ? cell.textContent.trim() : '';
}
function compare(a, b) {
  var numeric = typeof a === 'number' && typeof b === 'number';
  if (numeric) return a - b;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a.localeCompare(b, 'en', { numeric: true });
}
function sortBy(head) {
  var table = head.closest('table'), body = table.tBodies[0], rows = Array.from(body.rows);
  rows.forEach(function (row, index) { if (row.dataset.order === undefined) row.dataset.order = index; });
  var next = { none: 'ascending', ascending: 'descending', descending: 'none' }[head.getAttribute('aria-sort') || 'none'];
  Array.from(table.tHead.rows[0].cells).forEach(function (other) { other.removeAttribute('aria-sort'); });
  if (next !== 'none') head.setAttribute('aria-sort', next);
  var sign = next === 'descending' ? -1 : 1;
  rows.sort(function (a, b) {
    var order = Number(a.dataset.order) - Number(b.dataset.order);
    return next === 'none' ? order : sign * compare(keyOf(a, head.cellIndex), keyOf(b, head.cellIndex)) || order;
  });
  body.append.apply(body, rows);
}
function tsv(table) {
  var head = table.tHead.rows[0], rows = Array.from(table.tBodies[0].rows).filter(function (row) { return !row.hidden; });
  var cells = rows.map(function (row) { return Array.from(row.cells).map(exact); });
  var widths = Array.from(head.cells).map(function (_, column) { return Math.max.apply(null, [1].concat(cells.map(function (row) { return row[column] ? row[column].length : 1; }))); });
  var names = Array.from(head.cells).flatMap(function (cell, column) {
    var name = cell.textContent.replace(/\s+/g, ' ').trim();
    return widths[column] === 1 ? [name] : Array.from({ length: widths[column] }, function (_, part) { return name + ' [' + (part + 1) + ']'; });
  });
  var lines = cells.map(function (row) { return row.flatMap(function (parts, column) { return parts.concat(Array(widths[column] - parts.length).fill('')); }).join('\t'); });
  return { text: [names.join('\t')].concat(lines).join('\n') + '\n', rows: rows.length };
}
function copyText(text) {
  if (navigator.clipboard && navigator.clipboard.writeText) return navigator.clipboard.writeText(text).catch(function () { return copyByHand(text); });
  return Promise.resolve(copyByHand(text));
}
function copyByHand(text) {
  var area = document.createElement('textarea');
  area.value = text; document.body.appendChild(area); area.select();
  document.execCommand('copy'); area.remove();
}
document.addEventListener('click', function (event) {
  var sorter = event.target.closest('button.sort'), copier = event.target.closest('button.copy');
  if (sorter) sortBy(sorter.closest('th'));
  if (!copier) return;
  var holder = copier.closest('.table'), made = tsv(holder.querySelector('table')), said = holder.querySelector('[role=status]');
  copyText(made.text).then(function () { said.textContent = 'Copied ' + made.rows + (made.rows === 1 ? ' row' : ' rows') + ' at full precision'; });
});
document.addEventListener('input', function (event) {
  if (!event.target.matches('input.filter')) return;
  var holder = event.target.closest('.table'), wanted = event.target.value.toLowerCase().replace(/\s+/g, ' ').trim(), shown = 0;
  var rows = Array.from(holder.querySelector('table').tBodies[0].rows);
  rows.forEach(function (row) {
    var text = Array.from(row.cells).map(function (cell) { return cell.textContent; }).join(' ').replace(/\s+/g, ' ').toLowerCase();
    row.hidden = !text.includes(wanted);
    if (!row.hidden) shown += 1;
  });
  holder.querySelector('[role=status]').textContent = wanted === '' ? '' : shown + ' of ' + rows.length + ' rows';
});
`;

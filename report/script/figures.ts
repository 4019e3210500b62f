/** Saving a figure: its panels in one SVG in the colours of paper, the same as PNG (three times as large), or its data. */
export const FIGURES_SCRIPT = String.raw`
function panelsOf(figure) {
  var columns = Number((figure.querySelector('.panels') || { dataset: {} }).dataset.columns || 1);
  var svgs = Array.from(figure.querySelectorAll('svg.plot')), x = 0, y = 0, row = 0, width = 0, place = 0;
  var placed = svgs.map(function (svg) {
    var box = svg.viewBox.baseVal;
    if (place === columns) { place = 0; x = 0; y += row + 16; row = 0; }
    var at = { svg: svg, x: x, y: y, width: box.width, height: box.height };
    place += 1; x += box.width + 24; row = Math.max(row, box.height); width = Math.max(width, at.x + box.width);
    return at;
  });
  return { placed: placed, width: width, height: y + row };
}
function onPaper(text) {
  return text.replace(/var\(--([a-z0-9-]+)\)/g, function (whole, name) { return COLOURS[name] || whole; });
}
function drawing(figure) {
  var all = panelsOf(figure), pad = 12, w = Math.ceil(all.width + 2 * pad), h = Math.ceil(all.height + 2 * pad);
  var inside = all.placed.map(function (one) {
    var copy = one.svg.cloneNode(true);
    copy.removeAttribute('class'); copy.removeAttribute('role'); copy.removeAttribute('aria-labelledby');
    copy.setAttribute('x', pad + one.x); copy.setAttribute('y', pad + one.y); copy.setAttribute('width', one.width); copy.setAttribute('height', one.height); copy.setAttribute('overflow', 'visible');
    return new XMLSerializer().serializeToString(copy);
  }).join('');
  return { width: w, height: h, text: '<svg xmlns="http://www.w3.org/2000/svg" width="' + w + '" height="' + h + '" viewBox="0 0 ' + w + ' ' + h + '" font-family="Helvetica, Arial, sans-serif" color="' + COLOURS.ink + '"><rect width="100%" height="100%" fill="' + COLOURS.paper + '"/>' + onPaper(inside) + '</svg>' };
}
function offer(name, href) {
  var link = document.createElement('a');
  link.download = name; link.href = href;
  document.body.appendChild(link); link.click(); link.remove();
}
function asData(type, text) { return 'data:' + type + ';charset=utf-8,' + encodeURIComponent(text); }
function save(figure, kind) {
  var name = document.documentElement.dataset.study + '_' + figure.id.replace(/[^A-Za-z0-9-]+/g, '-') + '.' + kind;
  if (kind === 'tsv') return offer(name, asData('text/tab-separated-values', JSON.parse(figure.querySelector('script.data').textContent)));
  var drawn = drawing(figure), href = asData('image/svg+xml', drawn.text);
  if (kind === 'svg') return offer(name, href);
  var image = new Image(), scale = 3;
  image.onload = function () {
    var canvas = document.createElement('canvas');
    canvas.width = drawn.width * scale; canvas.height = drawn.height * scale;
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    offer(name, canvas.toDataURL('image/png'));
  };
  image.src = href;
}
document.addEventListener('click', function (event) {
  var button = event.target.closest('button[data-save]');
  if (button) save(button.closest('figure'), button.dataset.save);
});
`;

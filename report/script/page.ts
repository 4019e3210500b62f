/** Highlighting of a component wherever it is named, folded parts that a link leads into, and everything open on paper. */
export const PAGE_SCRIPT = String.raw`
document.documentElement.classList.add('scripted');
function light(component) {
  document.querySelectorAll('tr.lit,figure.lit').forEach(function (one) { one.classList.remove('lit'); });
  if (component !== null) document.querySelectorAll('tr[data-component="' + component + '"],figure[data-component="' + component + '"]').forEach(function (one) { one.classList.add('lit'); });
}
var current = null;
function tell(event) {
  var one = event.target.closest && event.target.closest('[data-component]'), component = one ? Number(one.dataset.component) : null;
  if (component === current) return;
  current = component;
  document.dispatchEvent(new CustomEvent('sulcus:component', { detail: { component: component, source: 'page' } }));
}
document.addEventListener('pointerover', tell);
document.addEventListener('focusin', tell);
document.addEventListener('sulcus:component', function (event) { if (event.detail.source === 'brain') light(event.detail.component); });
function reveal() {
  var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (var one = target; one; one = one.parentElement) if (one.tagName === 'DETAILS') one.open = true;
  if (target) target.scrollIntoView();
}
addEventListener('hashchange', reveal);
addEventListener('DOMContentLoaded', reveal);
var closed = [];
addEventListener('beforeprint', function () { closed = Array.from(document.querySelectorAll('details:not([open])')); closed.forEach(function (one) { one.open = true; }); });
addEventListener('afterprint', function () { closed.forEach(function (one) { one.open = false; }); });
`;

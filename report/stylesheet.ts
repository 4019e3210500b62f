/** The report's one stylesheet: light, dark and print from the same custom properties; no fonts or images from elsewhere. */
import { raw, type Html } from './html.js';

const TOKENS = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--muted:#59626d;--line:#d9dee4;--soft:#f4f6f8;--accent:#0a5a94;--warn:#9a3c00;--warn-soft:#fdf1e7;--mark:#e8f1f9;
--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#cc79a7;--c4:#e69f00;--c5:#56b4e9;--c6:#4d4d4d}
@media screen and (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e4e8ec;--muted:#9aa5b1;--line:#333c46;--soft:#1c2229;--accent:#7cc0f0;--warn:#ffb27a;--warn-soft:#33241a;--mark:#1d3040;
--c0:#4aa8e8;--c1:#f5813f;--c2:#2fc79b;--c3:#e39cc3;--c4:#f0b429;--c5:#8fd0f5;--c6:#c3c9d0}}`;

const PAGE = `
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.58 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
.page{display:grid;grid-template-columns:12.5rem minmax(0,62rem);gap:1rem 3.5rem;max-width:82rem;margin:0 auto;padding:2.5rem 2rem 5rem}
header{grid-column:2}
header h1{font-size:2.1rem;line-height:1.2;letter-spacing:-.015em;margin:0 0 .35rem;overflow-wrap:anywhere}
header p{color:var(--muted);margin:0}
nav{grid-column:1;grid-row:1/3;position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:2.9rem 0 1rem;margin-top:-2.5rem;font-size:.875rem}
nav ol{list-style:none;margin:0;padding:0}
nav ol ol{padding-left:.8rem}
nav a{display:block;color:var(--muted);text-decoration:none;padding:.18rem .6rem;border-left:2px solid var(--line)}
nav a:hover,nav a:focus-visible{color:var(--accent);border-left-color:var(--accent)}
nav>ol>li>a{color:var(--ink);font-weight:600}
main{grid-column:2;min-width:0}
h2{font-size:1.55rem;line-height:1.25;letter-spacing:-.01em;margin:3.2rem 0 1rem;padding-top:1.1rem;border-top:1px solid var(--line)}
#findings h2{margin-top:.4rem}
h3{font-size:1.14rem;line-height:1.35;margin:2.2rem 0 .6rem}
p,li{max-width:46rem;overflow-wrap:anywhere}
p{margin:.6rem 0}
li{margin:.25rem 0}
ul.findings{padding-left:1.1rem}
ul.findings>li{margin:.8rem 0}
small{font-size:.86em;color:var(--muted)}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.hedge,.hedge *{color:var(--warn)}
.reason{color:var(--warn);font-size:.92em;display:inline-block}
.missing{color:var(--muted)}
.aside{color:var(--muted)}
.notice{background:var(--warn-soft);border-left:4px solid var(--warn);padding:.8rem 1.1rem;border-radius:0 4px 4px 0;max-width:50rem}
.tag{background:var(--mark);color:var(--accent);border-radius:3px;padding:.05rem .4rem;font-size:.78rem;font-weight:600}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:1px;border:1px solid var(--line);border-radius:8px;overflow:hidden;margin:1.2rem 0 1.6rem}
.facts>div{padding:.8rem 1rem;box-shadow:0 0 0 1px var(--line)}
.facts dt{color:var(--muted);font-size:.82rem}
.facts dd{margin:0;font-size:1.7rem;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums}
.facts small{display:block;font-size:.78rem;font-weight:400;line-height:1.4}
.run{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.5rem 2rem;font-size:.9rem}
.run dt{color:var(--muted)}
.run dd{margin:0;overflow-wrap:anywhere}
.references{font-size:.9rem;color:var(--muted);padding-left:1.4rem}
sup{line-height:0;font-size:.72em;margin-left:.1em}
details{margin:1rem 0;border:1px solid var(--line);border-radius:6px;padding:.5rem .9rem}
summary{cursor:pointer;font-weight:600;font-size:.95rem}
@media (max-width:64rem){.page{display:block;padding:0 1.1rem 3rem}html{scroll-padding-top:3.4rem}header{padding-top:1.4rem}header h1{font-size:1.6rem}
nav{top:0;z-index:2;margin:0 -1.1rem;padding:.5rem .7rem;background:var(--paper);border-bottom:1px solid var(--line);white-space:nowrap;overflow-x:auto}nav>ol{display:flex}nav ol ol{display:none}nav a{border:0}#findings h2{border:0;margin-top:0}}`;

const TABLES = `
.scroll{overflow-x:auto;margin:1.4rem 0;scrollbar-width:thin}
table{border-collapse:collapse;font-size:.855rem;line-height:1.4;font-variant-numeric:tabular-nums;min-width:min(100%,34rem)}
caption{text-align:left;font-weight:600;font-size:.95rem;padding-bottom:.5rem}
caption>span{display:block;position:sticky;left:0;width:fit-content;max-width:min(46rem,calc(100vw - 2.4rem))}
caption small{display:block;font-weight:400}
td.text{min-width:8.5rem}
th,td{text-align:left;vertical-align:baseline;padding:.34rem .8rem .34rem 0;border-bottom:1px solid var(--line)}
thead th,thead td{border-bottom:1.5px solid var(--ink);font-weight:600;vertical-align:bottom}
tbody th{font-weight:400;white-space:nowrap}
.n{text-align:right;white-space:nowrap}
tr.strong>*{font-weight:650}
tr.strong .family,tr.strong .reason{font-weight:400}
tr.warn>*{background:var(--warn-soft)}
td .family{color:var(--muted);font-size:.92em}
table.overlap th,table.overlap td{padding:.4rem .9rem}
.shade{background:color-mix(in srgb,var(--c0) calc(var(--share)*62%),var(--paper));border:1px solid var(--line)}
.diagonal{font-weight:700}`;

const FIGURES = `
figure{margin:1.6rem 0 2rem;break-inside:avoid}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1rem 1.6rem}
.panel{max-width:34rem;min-width:0}
.panel.wide{grid-column:1/-1}
.panel-title{font-weight:600;font-size:.9rem;margin:0 0 .2rem;display:flex;flex-wrap:wrap;gap:.1rem 1rem;align-items:baseline}
figcaption{font-size:.86rem;color:var(--muted);max-width:46rem;margin-top:.5rem;overflow-wrap:anywhere}
figcaption strong{color:var(--ink)}
figure svg[role=img]{display:block;width:100%;height:auto;overflow:visible}
.legend{display:inline-flex;flex-wrap:wrap;gap:.1rem .9rem;font-weight:400;font-size:.86rem}
.key{vertical-align:-1px;overflow:visible}
svg text{font-size:12px;fill:var(--ink);font-family:inherit}
svg .tick{fill:var(--muted)}
svg .note{font-size:11px;fill:var(--muted)}
svg .grid{stroke:var(--line);stroke-width:1}
svg .base{stroke:var(--muted);stroke-width:1}
svg .chosen{fill:var(--mark)}
svg .threshold{stroke:var(--warn);stroke-width:1.3;stroke-dasharray:5 4}
svg .chance{fill:none;stroke:var(--ink);stroke-width:1.4;stroke-dasharray:1.5 3.5;stroke-linecap:round}
svg .mean,svg .fit,svg .series{fill:none;stroke:var(--ink);stroke-width:1.8;stroke-linejoin:round}
svg path.mean-point{fill:var(--ink);stroke:var(--paper);stroke-width:1}
svg .split{fill-opacity:.55}
svg .point{fill-opacity:.72;stroke:var(--paper);stroke-width:.5}
svg .hollow{fill:var(--paper)!important;fill-opacity:1;stroke-width:1.6}
svg .box{fill:none;stroke:var(--muted);stroke-width:1.1}
svg .median{stroke:var(--muted);stroke-width:1.1}
svg .average{stroke:var(--ink);stroke-width:2.4}
svg .bracket{fill:none;stroke:var(--muted);stroke-width:1.1}
svg .flag path{fill:var(--warn);stroke:var(--paper);stroke-width:.8}
svg .flag text{fill:var(--paper);font-size:10px;font-weight:700}
${[0, 1, 2, 3, 4, 5, 6].map((n) => `svg .c${n}{fill:var(--c${n})}svg .series.c${n}{fill:none;stroke:var(--c${n})}svg .hollow.c${n}{stroke:var(--c${n})}`).join('\n')}`;

const PRINT = `
@page{margin:16mm 14mm}
@media print{body{font-size:10.5pt}nav{display:none}.page{display:block;padding:0;max-width:none}h2,h3,caption{break-after:avoid}tr,li,.facts,.notice{break-inside:avoid}
.scroll{overflow:visible}table{font-size:8pt;width:100%}th,td{padding-right:.35rem}td .family,thead th,tbody th{white-space:normal;overflow-wrap:anywhere}
details{border:0;padding:0}.facts{grid-template-columns:repeat(5,1fr)}.facts>div{padding:.5rem .7rem}.facts dd{font-size:1.3rem}details::details-content{content-visibility:visible;block-size:auto}summary{display:none}.panels{grid-template-columns:1fr 1fr}.shade,.notice,tr.warn>*,.tag{print-color-adjust:exact;-webkit-print-color-adjust:exact}}`;

export const STYLESHEET: Html = raw(`<style>${TOKENS}${PAGE}${TABLES}${FIGURES}${PRINT}\n</style>`);

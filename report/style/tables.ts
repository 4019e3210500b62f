/** Tables and their tools. */
export const TABLES = `
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
.diagonal{font-weight:700}
.table{margin:1.4rem 0}
.table>.scroll{margin:0}
.sort{all:unset;cursor:pointer;white-space:inherit}
.sort:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.scripted .sort::after{content:"↕";color:var(--line);margin-left:.25em;font-weight:400}
.scripted th:hover>.sort::after{color:var(--muted)}
.scripted th[aria-sort=ascending]>.sort::after{content:"↑";color:var(--accent)}
.scripted th[aria-sort=descending]>.sort::after{content:"↓";color:var(--accent)}
tbody tr:hover>*{background:var(--soft)}
tbody tr.lit>*{background:var(--mark)}
.tools{display:none}
.scripted .tools{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center;font-size:.78rem;color:var(--muted);margin-top:.35rem;min-height:1.75rem}
.tools button,.tools input{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:4px;padding:.15rem .55rem;min-height:1.5rem}
.tools input{width:11rem}
.tools button{cursor:pointer}
.tools button:hover{border-color:var(--accent);color:var(--accent)}`;

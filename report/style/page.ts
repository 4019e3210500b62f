/** The page: columns, headings, contents, notices. */
export const PAGE = `
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
p.lead{font-size:1.13rem;line-height:1.5;margin:.2rem 0 1.2rem}
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
.swatch{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.35em;vertical-align:-.05em}
summary{cursor:pointer;font-weight:600;font-size:.95rem}
@media (max-width:64rem){.page{display:block;padding:0 1.1rem 3rem}html{scroll-padding-top:3.4rem}header{padding-top:1.4rem}header h1{font-size:1.6rem}
nav{top:0;z-index:2;margin:0 -1.1rem;padding:.5rem .7rem;background:var(--paper);border-bottom:1px solid var(--line);white-space:nowrap;overflow-x:auto}nav>ol{display:flex}nav ol ol{display:none}nav a{border:0}#findings h2{border:0;margin-top:0}}`;

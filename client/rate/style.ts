/** The page for rating in the report's colours. One participant fills the window. */
export const RATING_STYLE = `
*{box-sizing:border-box}
[hidden]{display:none!important}
html,body{height:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;display:flex;flex-direction:column}
header,footer,main{padding:.6rem 1.2rem}
header{display:flex;flex-wrap:wrap;gap:.4rem 1.6rem;align-items:center;border-bottom:1px solid var(--line)}
h1{font-size:1.05rem;margin:0;overflow-wrap:anywhere}
header p{margin:0;color:var(--muted);font-size:.9rem}
.counts{display:flex;gap:.6rem;align-items:center;font-variant-numeric:tabular-nums;font-size:.9rem}
progress{width:9rem;accent-color:var(--accent)}
main{flex:1;min-height:0;display:flex;flex-direction:column;gap:.5rem;outline:0}
.person{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;align-items:baseline}
h2{font-size:1.35rem;margin:0;overflow-wrap:anywhere}
.person p{margin:0;color:var(--muted)}
.sheet{flex:1;min-height:12rem;display:flex;align-items:center;justify-content:center;background:#000;border-radius:6px;overflow:hidden}
.sheet img{max-width:100%;max-height:100%;display:block}
dl{display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;margin:0;font-size:.9rem;font-variant-numeric:tabular-nums}
dl div{display:flex;gap:.4rem}
dt{color:var(--muted)}
dd{margin:0}
footer{border-top:1px solid var(--line);display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:center}
button{font:inherit;color:var(--ink);background:var(--soft);border:1px solid var(--muted);border-radius:6px;padding:.4rem .8rem;min-height:2.5rem;cursor:pointer}
button:hover:not(:disabled){border-color:var(--accent)}
button:disabled{color:var(--muted);border-color:var(--line);cursor:default}
button[aria-pressed=true]{background:var(--accent);color:var(--paper);border-color:var(--accent)}
button[aria-pressed=true] kbd{color:inherit;border-color:currentColor}
.filters{display:flex;flex-wrap:wrap;gap:.3rem}
.filters button{min-height:2rem;padding:.15rem .6rem;font-size:.88rem}
.group{display:flex;flex-wrap:wrap;gap:.4rem}
kbd{font:.8em ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;border:1px solid var(--muted);border-radius:3px;padding:0 .3em;margin-left:.35em;color:var(--muted)}
label.note{display:flex;gap:.5rem;align-items:center;flex:1 1 18rem}
textarea{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--muted);border-radius:6px;padding:.35rem .5rem;flex:1;height:2.5rem;resize:vertical}
label.letters{font-size:.88rem;color:var(--muted)}
#said{flex-basis:100%;min-height:1.45em;margin:0;color:var(--muted);font-size:.9rem}
.notice{background:var(--warn-soft);color:var(--warn);padding:.4rem .8rem;border-radius:4px;margin:0}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media (max-width:48rem){body{display:block}.sheet img{max-height:none}}`;

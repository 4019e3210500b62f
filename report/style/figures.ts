/** Figures. Marks bring their own colours; the page decides sizes and type. */
export const FIGURES = `
figure{margin:1.6rem 0 2rem;break-inside:avoid}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1rem 1.8rem;align-items:start}
.panels[data-columns="1"]{grid-template-columns:minmax(0,1fr)}
.panels[data-columns="3"]{grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr))}
.panel{max-width:34rem;min-width:0}
figcaption{font-size:.86rem;color:var(--muted);max-width:46rem;margin-top:.6rem;overflow-wrap:anywhere}
figcaption strong{color:var(--ink)}
figure svg.plot{display:block;width:100%;height:auto;overflow:visible}
svg.plot text{font-family:inherit;white-space:pre}
figure.lit svg.plot{outline:2px solid var(--mark);outline-offset:4px}`;

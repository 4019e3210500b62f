/** Looks of the brain figure. Sizes are kept free from the start, so that nothing moves when the picture comes alive. */
import { ASPECT } from './camera.js';

export const STYLE = `
.brain-defs{position:absolute}
.brain-bar{display:flex;flex-wrap:wrap;gap:.35rem .9rem;align-items:center;margin:.4rem 0 .8rem;font-size:.84rem}
.brain-keys,.brain-turn{display:flex;flex-wrap:wrap;gap:.3rem;margin:0;padding:0;border:0}
.brain-bar button{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:4px;padding:.18rem .55rem;min-height:1.9rem;cursor:pointer}
.brain-bar button:hover{border-color:var(--muted)}
.brain-bar button[aria-pressed=true]{border-color:var(--ink);box-shadow:inset 0 0 0 1px var(--ink)}
.brain-key i{display:inline-block;width:.85em;height:.85em;border:1px solid #222;border-radius:2px;margin-right:.4em;vertical-align:-.06em;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.brain:not(.brain-alive) .brain-turn{visibility:hidden}
.brain-stage{position:relative;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:1rem 1.6rem;isolation:isolate}
.brain-cohort{min-width:0;max-width:44rem}
.brain-views{display:grid;grid-template-columns:1fr 1fr;gap:1.15rem .5rem;padding-top:1rem}
.brain-view{position:relative;aspect-ratio:${ASPECT};min-width:0}
.brain svg[role=img]{display:block;width:100%;height:100%;overflow:hidden}
.brain-tag{position:absolute;left:.1rem;top:-1.05rem;font-size:.72rem;color:var(--muted);pointer-events:none}
.brain-canvas{position:absolute;inset:0;width:100%;height:100%;pointer-events:none;z-index:1}
.brain-alive .brain-view{cursor:grab;touch-action:pan-y}
.brain-alive .brain-view:active{cursor:grabbing}
.brain-alive .brain-stage .brain-view svg{visibility:hidden}
.brain-alive:not(.brain-turned) .brain-stage .brain-axis{visibility:visible}
.brain-p{fill-opacity:.86;stroke:#1b1f24;stroke-width:9;stroke-linejoin:round}
.brain svg text.brain-n{fill:#111;stroke:#fff;stroke-width:52;stroke-opacity:.85;paint-order:stroke;stroke-linejoin:round;font-weight:700}
.brain svg .brain-axis text{font-size:250px;fill:var(--muted)}
.brain-lit .brain-stage .brain-p:not(.brain-on){fill-opacity:.16;stroke-opacity:.5}
.brain-lit .brain-stage .brain-n:not(.brain-on){opacity:.25}
.brain-lit .brain-cell:not(.brain-on){opacity:.4}
.brain-alone{margin-top:1.2rem}
.brain-row{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.2rem .8rem;margin:.5rem 0;break-inside:avoid}
.brain-letter{margin:0;font-size:.86rem;overflow-wrap:anywhere}
.brain-cells{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.5rem .8rem}
.brain-cell>div{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;gap:2px}
.brain-cell p{margin:.1rem 0 0;font-size:.76rem;line-height:1.3}
.brain-cell small{white-space:nowrap}
.brain-status{font-size:.82rem;color:var(--muted);margin:.4rem 0 0;line-height:1.4;min-height:1.5em}
@media (max-width:40rem){.brain-status{min-height:4.2em}.brain-row{grid-template-columns:1fr}}
@media print{.brain-stage{outline:none}.brain-canvas,.brain-turn,.brain-status,.brain-all{display:none!important}.brain-alive .brain-stage .brain-view svg,.brain-alive .brain-stage .brain-axis{visibility:visible}.brain-stage{grid-template-columns:1fr 1fr}.brain-cells{grid-template-columns:repeat(4,1fr)}
.brain-bar button{border:0;padding:0 .6rem 0 0;box-shadow:none!important}.brain-lit .brain-stage .brain-p,.brain-lit .brain-stage .brain-n,.brain-lit .brain-cell{fill-opacity:.86!important;opacity:1!important;stroke-opacity:1!important}}
`;

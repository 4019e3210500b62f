/** Brings the brain figure to life when it comes into view. Without WebGL the fixed picture stays, with its highlighting. */
import { control } from './controls.js';
import { Highlight } from './highlight.js';
import { save } from './save.js';
import { Stage, type Pose } from './stage.js';
import { unpack } from './unpack.js';

const NO_WEBGL = 'This browser draws no 3D (WebGL): the picture cannot be turned.';
const HELP = 'Drag to turn all brains, or use the arrow keys, plus and minus; Home goes back.';

function start(figure: HTMLElement, container: HTMLElement): void {
  let stage: Stage | null = null, pose: Pose = { azimuth: 0, elevation: 0, zoom: 1 }, asked = false;
  const status = figure.querySelector<HTMLElement>('.brain-status');
  const say = (text: string): void => { if (status !== null) status.textContent = text; };
  const draw = (): void => {
    if (asked || stage === null) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; stage?.draw(pose, highlight.shown); });
  };
  const highlight = new Highlight(figure, () => { stage?.light(highlight.shown); draw(); });
  for (const key of figure.querySelectorAll<HTMLElement>('.brain-key')) key.addEventListener('click', () => highlight.keep(Number(key.dataset['component'])));

  for (const button of figure.querySelectorAll<HTMLElement>('[data-brain-save]')) button.addEventListener('click', () => save(figure, button.dataset['brainSave'] === 'png' ? 'png' : 'svg'));

  const wake = (): void => {
    try {
      stage = Stage.create(container, unpack(document.getElementById('brain-data')?.textContent ?? ''));
    } catch {
      stage = null;
    }
    if (stage === null) { say(NO_WEBGL); return; }
    const alive = (yes: boolean): void => { figure.classList.toggle('brain-alive', yes); say(yes ? HELP : 'The graphics card has dropped the picture; it comes back by itself, or when the page is loaded again.'); };
    stage.canvas.addEventListener('webglcontextlost', (event) => { event.preventDefault(); alive(false); });
    stage.canvas.addEventListener('webglcontextrestored', () => { alive(true); draw(); });
    container.tabIndex = 0;
    container.setAttribute('role', 'application');
    container.setAttribute('aria-label', 'The parcellation on the surface. Arrow keys turn all brains, plus and minus change their size, Home returns to the standard views.');
    control(figure, container, {
      pose: (next, said) => { pose = next; figure.classList.toggle('brain-turned', next.azimuth !== 0 || next.elevation !== 0 || next.zoom !== 1); if (said !== null) say(said); draw(); },
      point: (view, x, y) => highlight.point(view === null ? null : stage?.pick(view, x, y, pose) ?? null),
      click: (view, x, y) => highlight.keep(stage?.pick(view, x, y, pose) ?? null),
      escape: () => highlight.keep(null),
    });
    new ResizeObserver(draw).observe(container);
    stage.light(highlight.shown);
    stage.draw(pose, highlight.shown);
    alive(true);
  };

  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((e) => e.isIntersecting)) return;
    observer.disconnect();
    setTimeout(wake, 0);
  }, { rootMargin: '200px' });
  observer.observe(container);
}

const figure = document.getElementById('brains'), container = figure?.querySelector<HTMLElement>('.brain-stage');
if (figure != null && container != null) start(figure, container);

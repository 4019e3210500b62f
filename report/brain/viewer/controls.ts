/** Turning by pointer, keys and buttons. */
import type { Hemisphere } from '../../../contracts/study.js';
import { facing, type View } from '../camera.js';
import type { Pose } from './stage.js';

const STANDARD: Pose = { azimuth: 0, elevation: 0, zoom: 1 };
/** Oblique, so that medial and lateral stay what they are called. */
const VIEWS: Record<string, (pose: Pose) => Pose> = {
  standard: () => STANDARD,
  front: (p) => ({ ...p, azimuth: -50, elevation: 10 }), back: (p) => ({ ...p, azimuth: 50, elevation: 10 }),
  above: (p) => ({ ...p, elevation: 55 }), below: (p) => ({ ...p, elevation: -55 }),
  in: (p) => ({ ...p, zoom: Math.min(8, p.zoom * 1.3) }), out: (p) => ({ ...p, zoom: Math.max(0.5, p.zoom / 1.3) }),
};
const KEYS: Record<string, (pose: Pose, step: number) => Pose> = {
  ArrowLeft: (p, step) => ({ ...p, azimuth: p.azimuth + step }), ArrowRight: (p, step) => ({ ...p, azimuth: p.azimuth - step }),
  ArrowUp: (p, step) => ({ ...p, elevation: p.elevation - step }), ArrowDown: (p, step) => ({ ...p, elevation: p.elevation + step }),
  Home: () => STANDARD, '+': (p) => VIEWS['in']!(p), '=': (p) => VIEWS['in']!(p), '-': (p) => VIEWS['out']!(p),
};
/** Degrees a pixel. */
const SPEED = 0.5;
const MILLISECONDS = 260;

export interface Handlers {
  pose: (pose: Pose, said: string | null) => void;
  point: (view: HTMLElement | null, x: number, y: number) => void;
  click: (view: HTMLElement, x: number, y: number) => void;
  escape: () => void;
}

export function control(figure: HTMLElement, stage: HTMLElement, { pose: show, point, click, escape }: Handlers): void {
  let pose = STANDARD, frame = 0;
  const set = (next: Pose, said: string | null = null): void => {
    pose = { ...next, elevation: Math.max(-90, Math.min(90, next.elevation)), azimuth: ((((next.azimuth + 180) % 360) + 360) % 360) - 180 };
    show(pose, said);
  };
  const glide = (to: Pose, said: string): void => {
    cancelAnimationFrame(frame);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) { set(to, said); return; }
    const from = pose, start = performance.now();
    const step = (now: number): void => {
      const t = Math.min(1, Math.max(0, (now - start) / MILLISECONDS)), s = t * t * (3 - 2 * t), mix = (a: number, b: number): number => a + s * (b - a);
      set({ azimuth: mix(from.azimuth, to.azimuth), elevation: mix(from.elevation, to.elevation), zoom: mix(from.zoom, to.zoom) }, t === 1 ? said : null);
      if (t < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  };
  for (const button of figure.querySelectorAll<HTMLElement>('[data-turn]')) {
    button.addEventListener('click', () => { const to = VIEWS[button.dataset['turn'] ?? '']; if (to !== undefined) glide(to(pose), button.textContent); });
  }
  stage.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { escape(); return; }
    const turn = KEYS[event.key];
    if (turn === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    cancelAnimationFrame(frame);
    set(turn(pose, event.shiftKey ? 15 : 5));
    show(pose, `Turned ${Math.round(pose.azimuth)}° sideways, ${Math.round(pose.elevation)}° up; size ${pose.zoom.toFixed(1)}`);
  });
  drag(stage, () => pose, set, point, click);
}

function drag(stage: HTMLElement, current: () => Pose, set: (pose: Pose) => void, point: Handlers['point'], click: Handlers['click']): void {
  const viewOf = (target: EventTarget | null): HTMLElement | null => (target as Element | null)?.closest<HTMLElement>('.brain-view') ?? null;
  let held: { view: HTMLElement; x: number; y: number; from: Pose; moved: boolean } | null = null;
  stage.addEventListener('pointerdown', (event) => {
    const view = viewOf(event.target);
    if (view === null || event.button !== 0) return;
    held = { view, x: event.clientX, y: event.clientY, from: current(), moved: false };
    view.setPointerCapture(event.pointerId);
  });
  stage.addEventListener('pointermove', (event) => {
    if (held === null) { point(viewOf(event.target), event.clientX, event.clientY); return; }
    const dx = event.clientX - held.x, dy = event.clientY - held.y;
    if (!held.moved && Math.hypot(dx, dy) < 4) return;
    held.moved = true;
    // What is under the pointer follows it.
    const sign = facing(held.view.dataset['side'] as Hemisphere, held.view.dataset['view'] as View);
    set({ ...held.from, azimuth: held.from.azimuth + sign * SPEED * dx, elevation: held.from.elevation + SPEED * dy });
  });
  const release = (event: PointerEvent): void => {
    if (held !== null && !held.moved && event.type === 'pointerup') click(held.view, event.clientX, event.clientY);
    held = null;
  };
  stage.addEventListener('pointerup', release);
  stage.addEventListener('pointercancel', release);
  stage.addEventListener('pointerleave', () => { if (held === null) point(null, 0, 0); });
}

import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { cameraOf, type View } from '../../../report/brain/camera.js';
import { componentColours, rgb } from '../../../report/brain/colours.js';
import { labelAt, normalsOf } from '../../../report/brain/geometry.js';
import { coverage, innermost, outline, UNIT } from '../../../report/brain/outline.js';
import { rasterize } from '../../../report/brain/raster.js';
import { readBrain } from '../../../report/brain/read.js';
import { HEIGHT, scenes, spanOf, WIDTH } from '../../../report/brain/scene.js';
import { brainFolder } from './brain-example.js';

const SIDES = ['left', 'right'] as const, VIEWS: readonly View[] = ['lateral', 'medial'];
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((s, v, i) => s + v * b[i]!, 0);

describe('colours of components', () => {
  const linear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const lightness = (colour: string): number => { const [r, g, b] = rgb(colour).map(linear) as [number, number, number]; return 116 * Math.cbrt(0.2126 * r + 0.7152 * g + 0.0722 * b) - 16; };
  /** Machado, Oliveira & Fernandes (2009), severity 1: protanopia, deuteranopia, tritanopia. */
  const EYES = [[1, 0, 0, 0, 1, 0, 0, 0, 1], [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998], [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881], [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039]];
  /** Oklab (Ottosson 2020). */
  const oklab = (colour: string, eye: number[]): number[] => {
    const c = rgb(colour).map(linear), [r, g, b] = [0, 1, 2].map((i) => Math.min(1, Math.max(0, dot(eye.slice(3 * i, 3 * i + 3), c)))) as [number, number, number];
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b), m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b), s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
  };
  const pairs = (n: number): [string, string][] => { const c = componentColours(n); return c.flatMap((a, i) => c.slice(i + 1).map((b): [string, string] => [a, b])); };

  it.each([[4, 14], [8, 7], [10, 4]])('of %i differ by %f in lightness: told apart in grey', (n, least) => {
    expect(Math.min(...pairs(n).map(([a, b]) => Math.abs(lightness(a) - lightness(b))))).toBeGreaterThan(least);
  });

  it.each([[4, 0.1], [10, 0.07]])('of %i differ by %f with any colour vision', (n, least) => {
    for (const eye of EYES) expect(Math.min(...pairs(n).map(([a, b]) => Math.hypot(...oklab(a, eye).map((v, i) => v - oklab(b, eye)[i]!))))).toBeGreaterThan(least);
  });

  it('are the first ones whatever the number, and all different', () => {
    expect(componentColours(40).slice(0, 10)).toEqual(componentColours(10));
    expect(new Set(componentColours(200)).size).toBe(200);
  });
});

describe('the cameras', () => {
  it('show a lateral left hemisphere with the front on the left, and the other views as they follow', () => {
    const front = [0, 1, 0], up = [0, 0, 1];
    expect(SIDES.flatMap((side) => VIEWS.map((view) => Math.round(dot(cameraOf(side, view).right, front))))).toEqual([-1, 1, 1, -1]);
    expect(SIDES.flatMap((side) => VIEWS.map((view) => Math.round(cameraOf(side, view).out[0])))).toEqual([-1, 1, 1, -1]);
    for (const side of SIDES) for (const view of VIEWS) expect(dot(cameraOf(side, view).up, up)).toBeCloseTo(1, 12);
  });

  it('turn together: the same angles bring every view to the back, and upwards; the axes stay at right angles', () => {
    for (const side of SIDES) for (const view of VIEWS) for (const [azimuth, elevation] of [[50, 0], [-50, 10], [170, -80], [0, 90]] as const) {
      const { right, up, out } = cameraOf(side, view, azimuth, elevation);
      expect(out[1]).toBeCloseTo(-Math.sin((azimuth * Math.PI) / 180) * Math.cos((elevation * Math.PI) / 180), 12);
      expect(out[2]).toBeCloseTo(Math.sin((elevation * Math.PI) / 180), 12);
      for (const [a, b, expected] of [[right, right, 1], [up, up, 1], [out, out, 1], [right, up, 0], [up, out, 0], [right, out, 0]] as const) expect(dot(a, b)).toBeCloseTo(expected, 12);
      const cross = [right[1] * up[2] - right[2] * up[1], right[2] * up[0] - right[0] * up[2], right[0] * up[1] - right[1] * up[0]];
      cross.forEach((v, i) => expect(v).toBeCloseTo(out[i]!, 12));
    }
  });
});

describe('drawing into a grid', () => {
  const frame = { centre: [0, 0, 0] as const, span: 10, width: 100, height: 100 }, camera = { right: [1, 0, 0], up: [0, 1, 0], out: [0, 0, 1] } as const;

  it('fills what a triangle covers, the right way up', () => {
    const { triangle } = rasterize({ points: [-4, -4, 0, 4, -4, 0, -4, 4, 0], triangles: [0, 1, 2] }, camera, frame);
    expect(triangle.filter((t) => t === 0).length / 100).toBeCloseTo(32, 0);
    expect([triangle[85 * 100 + 80], triangle[15 * 100 + 80], triangle[20 * 100 + 12]]).toEqual([0, -1, 0]);
  });

  it('shows the nearer of two, whichever comes first, and what is in front at each point where they cross', () => {
    const square = (z: number, tilt = 0): number[] => [-4, -4, z - tilt, 4, -4, z + tilt, 4, 4, z + tilt, -4, 4, z - tilt];
    const faces = [0, 1, 2, 0, 2, 3, 4, 5, 6, 4, 6, 7];
    const seen = (a: number[], b: number[]): number[] => [...rasterize({ points: [...a, ...b], triangles: faces }, camera, frame).triangle];
    expect(seen(square(1), square(2)).filter((t) => t >= 0).every((t) => t > 1)).toBe(true);
    expect(seen(square(2), square(1)).filter((t) => t >= 0).every((t) => t < 2)).toBe(true);
    const crossing = seen(square(0), square(0, 1));
    expect(crossing.filter((t) => t > 1).length / crossing.filter((t) => t >= 0).length).toBeCloseTo(0.5, 1);
  });

  it('gives a point the label with the largest share: straight borders through the middles of edges', () => {
    expect([labelAt(1, 1, 1, 0.2, 0.3), labelAt(1, 1, 2, 0.3, 0.3), labelAt(1, 1, 2, 0.2, 0.2), labelAt(2, 1, 1, 0.6, 0.1), labelAt(1, 2, 1, 0.3, 0.6), labelAt(0, 3, 5, 0.2, 0.3), labelAt(0, 3, 5, 0.5, 0.3)]).toEqual([1, 1, 2, 2, 2, 5, 0]);
  });

  it('makes normals that point away', () => {
    expect([...normalsOf([0, 0, 0, 1, 0, 0, 0, 1, 0, 9, 9, 9], [0, 1, 2])]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0]);
  });
});

describe('outlines', () => {
  const W = 60, H = 40, FINE = 2;
  /** Labels 1 where the function says so, in fine cells. */
  const grid = (inside: (x: number, y: number) => boolean): Uint16Array => Uint16Array.from({ length: W * FINE * H * FINE }, (_, i) => (inside(((i % (W * FINE)) + 0.5) / FINE, (Math.floor(i / (W * FINE)) + 0.5) / FINE) ? 1 : 0));
  const whole = { x: 0, y: 0, width: W, height: H };
  /** Area that a path of M, l and z with relative steps encloses, in coarse cells. */
  const area = (path: string): number => [...path.matchAll(/M(-?\d+) (-?\d+)l([^z]*)z/g)].reduce((total, [, x0, y0, steps]) => {
    let x = Number(x0), y = Number(y0), sum = 0;
    const numbers = steps!.match(/-?\d+/g)!.map(Number), points: [number, number][] = [[x, y]];
    for (let i = 0; i < numbers.length; i += 2) { x += numbers[i]!; y += numbers[i + 1]!; points.push([x, y]); }
    points.forEach(([px, py], i) => { const [qx, qy] = points[(i + 1) % points.length]!; sum += px * qy - qx * py; });
    return total + sum / 2 / UNIT ** 2;
  }, 0);

  it.each([
    ['a disc', (x: number, y: number): boolean => Math.hypot(x - 30, y - 20) < 12, Math.PI * 144],
    ['a ring, whose hole is not filled', (x: number, y: number): boolean => Math.hypot(x - 30, y - 20) < 15 && Math.hypot(x - 30, y - 20) > 6, Math.PI * (225 - 36)],
    ['two squares', (x: number, y: number): boolean => y > 10 && y < 20 && ((x > 5 && x < 15) || (x > 30 && x < 50)), 300],
  ])('enclose %s', (_, inside, expected) => {
    const found = Math.abs(area(outline(coverage(grid(inside), 1, whole, FINE, W * FINE), whole)));
    expect(Math.abs(found - expected) / expected).toBeLessThan(0.02);
  });

  it('are the same from a window as from the whole', () => {
    const labels = grid((x, y) => Math.hypot(x - 30, y - 20) < 8), window = { x: 20, y: 10, width: 20, height: 20 };
    const of = (w: typeof whole): string => outline(coverage(labels, 1, w, FINE, W * FINE), w);
    expect(area(of(window))).toBeCloseTo(area(of(whole)), 6);
    expect(innermost(coverage(labels, 1, window, FINE, W * FINE), window)).toEqual(innermost(coverage(labels, 1, whole, FINE, W * FINE), whole));
  });

  it('are empty where nothing is, and put a number where most room is', () => {
    expect(outline(coverage(grid(() => false), 1, whole, FINE, W * FINE), whole)).toBe('');
    expect(innermost(new Float64Array(W * H), whole)).toBeNull();
    const place = innermost(coverage(grid((x, y) => Math.hypot(x - 40, y - 20) < 10 || (y > 18 && y < 22 && x > 5 && x < 40)), 1, whole, FINE, W * FINE), whole)!;
    expect(Math.hypot(place.x - 40, place.y - 20)).toBeLessThan(2.5);
    expect(place.room).toBeGreaterThan(8);
  });
});

describe('the views of a folder', () => {
  it('show the region where it is: medial, in the front half, every component once and covering it, with the anatomy around it', async () => {
    const { results, lookUp } = await brainFolder(), brain = readBrain(results, lookUp)!, drawn = scenes(brain);
    expect(drawn.map(({ side, view }) => `${side} ${view}`)).toEqual(['left lateral', 'left medial', 'right lateral', 'right medial']);
    for (const scene of drawn) {
      const seen = scene.parcels.map((parcels) => parcels.map(({ seen: cells }) => cells));
      if (scene.view === 'lateral') { expect(seen.flat().every((v) => v === 0)).toBe(true); continue; }
      expect(seen.flat().every((cells) => cells > 50)).toBe(true);
      const middle = scene.box!.x + scene.box!.width / 2;
      expect(scene.side === 'left' ? middle > WIDTH / 2 : middle < WIDTH / 2).toBe(true);
      const { data, channels } = decode(Buffer.from(scene.png, 'base64'));
      expect(channels).toBe(2);
      const opaque = Array.from({ length: WIDTH * HEIGHT }, (_, i) => data[2 * i + 1]!).filter((a) => a === 255).length;
      expect(opaque / (WIDTH * HEIGHT)).toBeGreaterThan(0.4);
      expect(new Set(data.filter((_, i) => i % 2 === 0)).size).toBeGreaterThan(20);
    }
    // Cells of 1694 vertices' region seen from the side: mirror images on both sides.
    const left = drawn[1]!.parcels[0]!, right = drawn[3]!.parcels[0]!;
    left.forEach(({ seen }, k) => expect(Math.abs(seen - right[k]!.seen) / seen).toBeLessThan(0.02));
    expect(spanOf(brain)).toBeGreaterThan(100);
  }, 60_000);
});

/** All views on one canvas: one graphics context however many cohorts there are. */
import { BufferAttribute, BufferGeometry, LineBasicMaterial, LineSegments, Matrix4, Mesh, OrthographicCamera, Raycaster, Scene, Sprite, Vector2, Vector3, WebGLRenderer, type ShaderMaterial } from 'three';
import { ASPECT, cameraOf, type Vector, type View } from '../camera.js';
import { anatomyMaterial, numberMaterial, parcelMaterial } from './materials.js';
import { cutParcels } from './parcels.js';
import type { Unpacked } from './unpack.js';

/** How all brains are turned (degrees) and how large they are. */
export interface Pose {
  azimuth: number;
  elevation: number;
  zoom: number;
}

interface Brain {
  scene: Scene;
  mesh: Mesh;
  centre: Vector;
  depth: number;
  numbers: { component: number; sprite: Sprite; places: { at: Vector3; normal: Vector3; room: number }[] }[];
}

/** Pixels of the canvas at most, each way. */
const LARGEST = 4096;
/** Height of a number as a share of the view's: at least, at most, and how far it stands before its parcel so that no fold cuts it. */
const SMALL = 0.11, LARGE = 0.16, BEFORE = 0.1;

export class Stage {
  readonly canvas = document.createElement('canvas');
  private readonly renderer: WebGLRenderer;
  private readonly camera = new OrthographicCamera();
  private readonly brains: Brain[][];
  private readonly parcels: ShaderMaterial[];
  private readonly raycaster = new Raycaster();
  private size = '';

  /** Null where there is no WebGL. */
  static create(container: HTMLElement, brain: Unpacked): Stage | null {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('webgl2', { alpha: true, antialias: true, depth: true });
    return context === null ? null : new Stage(container, brain, canvas, context);
  }

  private constructor(private readonly container: HTMLElement, private readonly brain: Unpacked, canvas: HTMLCanvasElement, context: WebGL2RenderingContext) {
    this.canvas = canvas;
    canvas.className = 'brain-canvas';
    canvas.setAttribute('aria-hidden', 'true');
    this.renderer = new WebGLRenderer({ canvas, context, alpha: true, antialias: true });
    this.renderer.autoClear = false;
    this.camera.matrixAutoUpdate = false;
    this.parcels = brain.colours.map(parcelMaterial);
    const numbers = brain.colours.map((_, k) => numberMaterial(String(k + 1)));
    const anatomy = anatomyMaterial(), border = new LineBasicMaterial({ color: 0x1b1f24 });
    this.brains = brain.cohorts.map(({ labels }) => brain.surfaces.map((surface, s): Brain => {
      const cut = cutParcels(surface, labels[s] ?? new Uint16Array(surface.grey.length), brain.rank);
      const geometry = new BufferGeometry().setAttribute('position', new BufferAttribute(cut.points, 3)).setAttribute('normal', new BufferAttribute(cut.normals, 3)).setAttribute('grey', new BufferAttribute(cut.grey, 1));
      geometry.setIndex(cut.triangles.flat());
      let start = 0;
      cut.triangles.forEach((part, label) => { geometry.addGroup(start, part.length, label); start += part.length; });
      const mesh = new Mesh(geometry, [anatomy, ...this.parcels]), scene = new Scene();
      scene.add(mesh, new LineSegments(new BufferGeometry().setAttribute('position', new BufferAttribute(cut.borders, 3)), border));
      const of = (list: Float32Array, v: number): Vector3 => new Vector3(list[3 * v], list[3 * v + 1], list[3 * v + 2]);
      const placed = numbers.flatMap((material, k) => {
        const places = (cut.middles[k + 1] ?? []).map(({ vertex, room }) => ({ at: of(cut.points, vertex), normal: of(cut.normals, vertex), room }));
        return places.length === 0 ? [] : [{ component: k + 1, sprite: new Sprite(material), places }];
      });
      scene.add(...placed.map(({ sprite }) => sprite));
      return { scene, mesh, centre: surface.box.centre, depth: 2 * Math.hypot(...surface.box.size), numbers: placed };
    }));
    container.append(canvas);
  }

  /** Shows one component and pales the others; null: all. */
  light(component: number | null): void {
    this.parcels.forEach((material, k) => { (material.uniforms['pale'] as { value: number }).value = component === null || component === k + 1 ? 0 : 0.82; });
  }

  draw(pose: Pose, component: number | null): void {
    const box = this.container.getBoundingClientRect();
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2, LARGEST / Math.max(1, box.width), LARGEST / Math.max(1, box.height));
    const size = `${box.width} ${box.height} ${ratio}`;
    if (size !== this.size) {
      this.size = size;
      this.renderer.setPixelRatio(ratio);
      this.renderer.setSize(box.width, box.height, false);
    }
    this.renderer.setScissorTest(false);
    this.renderer.clear();
    this.renderer.setScissorTest(true);
    for (const view of this.container.querySelectorAll<HTMLElement>('.brain-view')) {
      const brain = this.brainOf(view), r = view.getBoundingClientRect();
      if (brain === undefined || r.width === 0) continue;
      const { out } = this.aim(view, brain, pose);
      for (const { component: k, sprite, places } of brain.numbers) {
        const seen = places.filter(({ normal }) => normal.dot(out) > 0.3).sort((a, b) => b.room * b.normal.dot(out) - a.room * a.normal.dot(out))[0];
        sprite.visible = seen !== undefined && (component === null || component === k);
        if (seen === undefined) continue;
        sprite.position.copy(seen.at).addScaledVector(out, BEFORE * this.brain.span);
        sprite.scale.setScalar(Math.min((LARGE * this.brain.span) / pose.zoom, Math.max((SMALL * this.brain.span) / pose.zoom, 3.6 * seen.room)));
      }
      const left = r.left - box.left, bottom = box.bottom - r.bottom;
      this.renderer.setViewport(left, bottom, r.width, r.height);
      this.renderer.setScissor(left, bottom, r.width, r.height);
      this.renderer.clearDepth();
      this.renderer.render(brain.scene, this.camera);
    }
  }

  /** Component under a point of the page; null where there is none. */
  pick(view: HTMLElement, x: number, y: number, pose: Pose): number | null {
    const brain = this.brainOf(view), r = view.getBoundingClientRect();
    if (brain === undefined) return null;
    this.aim(view, brain, pose);
    this.raycaster.setFromCamera(new Vector2((2 * (x - r.left)) / r.width - 1, 1 - (2 * (y - r.top)) / r.height), this.camera);
    const [hit] = this.raycaster.intersectObject(brain.mesh, false);
    return (hit?.face?.materialIndex ?? 0) || null;
  }

  private brainOf({ dataset }: HTMLElement): Brain | undefined {
    return this.brains[Number(dataset['cohort'])]?.[this.brain.surfaces.findIndex(({ side }) => side === dataset['side'])];
  }

  /** Cameras are linked: every view is moved by the same angles, towards the back and upwards. */
  private aim({ dataset }: HTMLElement, { centre, depth }: Brain, { azimuth, elevation, zoom }: Pose): { out: Vector3 } {
    const side = dataset['side'] === 'right' ? 'right' : 'left', { right, up, out } = cameraOf(side, dataset['view'] as View, azimuth, elevation);
    const c = this.camera, half = this.brain.span / 2 / zoom, direction = new Vector3(...out);
    Object.assign(c, { left: -half * ASPECT, right: half * ASPECT, top: half, bottom: -half, near: 0, far: 2 * depth });
    c.updateProjectionMatrix();
    c.matrix.copy(new Matrix4().makeBasis(new Vector3(...right), new Vector3(...up), direction).setPosition(new Vector3(...centre).addScaledVector(direction, depth)));
    c.matrixWorldNeedsUpdate = true;
    c.updateMatrixWorld(true);
    return { out: direction };
  }
}

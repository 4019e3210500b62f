/** Light and colour as in the fixed picture: what the graphics card draws looks the same. */
import { CanvasTexture, Color, DoubleSide, LinearFilter, ShaderMaterial, SpriteMaterial, SRGBColorSpace } from 'three';

const VERTEX = `
attribute float grey;
varying float vGrey;
varying vec3 vNormal;
void main() {
  vGrey = grey;
  vNormal = normalMatrix * normal;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`;

/** The reader holds the lamp: the view is orthographic, so z of the normal is how much it faces the reader. */
const lit = 'float lit = 0.42 + 0.58 * abs(normalize(vNormal).z);';

const ANATOMY = `
varying float vGrey;
varying vec3 vNormal;
void main() { ${lit} gl_FragColor = vec4(vec3(vGrey * lit), 1.0); }`;

const PARCEL = `
uniform vec3 colour;
uniform float pale;
varying vec3 vNormal;
void main() { ${lit} gl_FragColor = vec4(mix(mix(vec3(0.94), colour, 0.88), vec3(0.9), pale) * (0.5 + 0.5 * lit), 1.0); }`;

const common = { vertexShader: VERTEX, side: DoubleSide, polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 } as const;

export const anatomyMaterial = (): ShaderMaterial => new ShaderMaterial({ ...common, fragmentShader: ANATOMY });

/** `colour` is #rrggbb and shown as it is: the shader writes what the screen takes. */
export function parcelMaterial(colour: string): ShaderMaterial {
  const rgb = new Color();
  rgb.r = parseInt(colour.slice(1, 3), 16) / 255;
  rgb.g = parseInt(colour.slice(3, 5), 16) / 255;
  rgb.b = parseInt(colour.slice(5, 7), 16) / 255;
  return new ShaderMaterial({ ...common, fragmentShader: PARCEL, uniforms: { colour: { value: rgb }, pale: { value: 0 } } });
}

/** A number in black with a white rim. */
export function numberMaterial(text: string): SpriteMaterial {
  const size = 64, canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
  canvas.width = canvas.height = size;
  if (pen !== null) {
    pen.font = `800 ${text.length > 1 ? 42 : 52}px system-ui, sans-serif`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.lineJoin = 'round';
    pen.lineWidth = 7;
    pen.strokeStyle = 'rgba(255,255,255,.9)';
    pen.strokeText(text, size / 2, size / 2 + 2);
    pen.fillStyle = '#111';
    pen.fillText(text, size / 2, size / 2 + 2);
  }
  const map = new CanvasTexture(canvas);
  map.colorSpace = SRGBColorSpace;
  // Smaller versions would blur the rim over the figure.
  map.generateMipmaps = false;
  map.minFilter = LinearFilter;
  return new SpriteMaterial({ map, transparent: true, depthWrite: false });
}

/** Colours by name: light (and print), dark. Series are Okabe and Ito's, told apart with any colour vision. */
const LIGHT: Readonly<Record<string, string>> = {
  paper: '#ffffff', ink: '#1b1f24', muted: '#59626d', line: '#d9dee4', soft: '#f4f6f8', accent: '#0a5a94', warn: '#9a3c00', 'warn-soft': '#fdf1e7', mark: '#e8f1f9',
  c0: '#0072b2', c1: '#d55e00', c2: '#009e73', c3: '#cc79a7', c4: '#b8860b', c5: '#3b96c9', c6: '#4d4d4d',
};

const DARK: Readonly<Record<string, string>> = {
  paper: '#14181d', ink: '#e4e8ec', muted: '#9aa5b1', line: '#333c46', soft: '#1c2229', accent: '#7cc0f0', warn: '#ffb27a', 'warn-soft': '#33241a', mark: '#1d3040',
  c0: '#4aa8e8', c1: '#f5813f', c2: '#2fc79b', c3: '#e39cc3', c4: '#f0b429', c5: '#8fd0f5', c6: '#c3c9d0',
};

const declared = (tokens: Readonly<Record<string, string>>): string => Object.entries(tokens).map(([name, value]) => `--${name}:${value}`).join(';');

/** `components`: the colour of each, the same everywhere (k); of thin lines and small marks lighter in the dark (l). */
export function tokensOf(components: readonly string[]): { light: Readonly<Record<string, string>>; css: string } {
  const named = (letter: string, of: (colour: string) => string): Record<string, string> => Object.fromEntries(components.map((colour, index) => [`${letter}${index + 1}`, of(colour)]));
  const light = { ...LIGHT, ...named('k', (colour) => colour), ...named('l', (colour) => colour) }, dark = { ...DARK, ...named('l', (colour) => `color-mix(in srgb,${colour} 62%,#fff)`) };
  return { light, css: `:root{color-scheme:light dark;${declared(light)}}\n@media screen and (prefers-color-scheme:dark){:root{${declared(dark)}}}` };
}

/** Reading what a metrics endpoint answers, and what queries ask for. */

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** The text format: comments left out. */
export function readScrape(text: string): Sample[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
    const [, name = '', labels = '', value = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return { name, labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [key, text])), value: Number(value) };
  });
}

/** Sum over the samples of that name whose labels include the given ones. */
export function sumOf(samples: Sample[], name: string, labels: Record<string, string> = {}): number {
  return samples.filter((s) => s.name === name && Object.entries(labels).every(([key, value]) => s.labels[key] === value)).reduce((sum, s) => sum + s.value, 0);
}

/** Metrics of ours or Temporal's in a PromQL expression, with the labels it selects or groups by. */
export function metricsIn(expression: string): { name: string; labels: string[] }[] {
  const grouped = [...expression.matchAll(/\b(?:by|without|on|ignoring) \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(',').map((l) => l.trim()));
  return [...expression.matchAll(/\b((?:sulcus|temporal|process)_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', selector = '']) => ({
    name, labels: [...[...selector.matchAll(/(\w+)\s*(?:=~|!=|=|!~)/g)].map(([, label = '']) => label), ...grouped],
  }));
}

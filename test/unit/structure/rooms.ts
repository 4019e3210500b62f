/** Which room may import which, and the reading of imports. A room is a top-level folder of the sources. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';

/** contracts <- config, analysis, formats, storage <- activities <- workers; contracts <- workflows; contracts <- client. */
export const MAY_IMPORT: Record<string, readonly string[]> = {
  contracts: [],
  config: ['contracts'],
  analysis: ['contracts'],
  formats: ['contracts'],
  storage: ['contracts'],
  security: ['contracts'],
  report: ['contracts', 'analysis', 'formats'],
  simulate: ['contracts', 'analysis', 'formats'],
  activities: ['contracts', 'config', 'analysis', 'formats', 'storage', 'report', 'security', 'simulate'],
  workflows: ['contracts'],
  workers: ['contracts', 'config', 'analysis', 'formats', 'storage', 'activities', 'workflows', 'security'],
  // `check` and the refusal of a results folder are the steps' own code, without Temporal.
  client: ['contracts', 'config', 'analysis', 'formats', 'storage', 'activities', 'report', 'security', 'simulate'],
};

/** `import type` is allowed further: types are gone when code runs. */
const MAY_IMPORT_TYPES: Record<string, readonly string[]> = { workflows: ['activities'], client: ['workflows'], security: ['storage'] };

/** Packages a room may not import. */
const FORBIDDEN: Record<string, (name: string) => boolean> = {
  contracts: () => true,
  analysis: (name) => isBuiltin(name) || name.startsWith('@temporalio/'),
  formats: (name) => /^(node:)?fs(\/|$)/.test(name) || name.startsWith('@temporalio/'),
  workflows: (name) => isBuiltin(name) || /^@temporalio\/(worker|client|activity)$/.test(name),
  config: (name) => name.startsWith('@temporalio/'),
};

const isBuiltin = (name: string): boolean => name.startsWith('node:') || builtinModules.includes(name);

export interface Import {
  target: string;
  typeOnly: boolean;
}

/** Every module a source names: import, export ... from, import(), require(). */
export function importsOf(source: string): Import[] {
  const all = ts.preProcessFile(source, true, true).importedFiles.map((file) => file.fileName);
  const types = new Set(typeOnlyImports(source));
  return all.map((target) => ({ target, typeOnly: types.has(target) }));
}

/** Modules that only ever appear in `import type`, `export type` or with `type` before every name. */
function typeOnlyImports(source: string): string[] {
  const seen = new Map<string, boolean>();
  const note = (target: string, typeOnly: boolean): void => void seen.set(target, typeOnly && (seen.get(target) ?? true));
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const named = node.importClause?.namedBindings;
      const each = named !== undefined && ts.isNamedImports(named) && node.importClause?.name === undefined && named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
      note(node.moduleSpecifier.text, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword || each);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
      note(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      note(node.argument.literal.text, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteral(argument)) note(argument.text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.ts', source, ts.ScriptTarget.Latest, false));
  return [...seen].filter(([, typeOnly]) => typeOnly).map(([target]) => target);
}

/** What is wrong with the imports of one source, a line each. `file` is relative to the project, with slashes. */
export function wrongImports(file: string, source: string): string[] {
  const room = file.split('/')[0] ?? '';
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) return [`${file}: ${room}/ is a room without rules: give it some in rooms.ts`];
  const wrong = importsOf(source).flatMap(({ target, typeOnly }) => {
    if (!target.startsWith('.')) return FORBIDDEN[room]?.(target) === true ? [`${file}: ${room}/ must not import ${target}`] : [];
    const to = posix.normalize(posix.join(posix.dirname(file), target)).split('/')[0] ?? '';
    if (to === room || allowed.includes(to) || (typeOnly && MAY_IMPORT_TYPES[room]?.includes(to) === true)) return [];
    return [`${file}: ${room}/ must not import ${to}/ (${target})`];
  });
  return [...new Set(wrong)];
}

/** The TypeScript sources of the rooms, relative to the project. */
export function sourcesOf(root: string): string[] {
  return Object.keys(MAY_IMPORT).flatMap((room) => {
    let entries: string[];
    try {
      entries = readdirSync(join(root, room), { recursive: true }) as string[];
    } catch {
      return []; // a room opens when it has something in it
    }
    return entries.filter((name) => name.endsWith('.ts')).map((name) => relative(root, join(root, room, name)).split(sep).join('/'));
  });
}

export const readSource = (root: string, file: string): string => readFileSync(join(root, file), 'utf8');

/** A cycle among the nodes of a graph, as a path that ends where it began; null when there is none. */
export function cycleIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const done = new Set<string>();
  const walk = (node: string, path: string[]): string[] | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return null;
    for (const next of graph.get(node) ?? []) {
      const cycle = walk(next, [...path, node]);
      if (cycle !== null) return cycle;
    }
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const cycle = walk(node, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

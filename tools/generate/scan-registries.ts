import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../source/project-files.ts';
import { GENERATED_BY, type Generator } from './output.ts';

export const RULES = 'src/scan/rules';
export const VIEWS = 'src/scan/views';
const REPORTERS = 'src/findings/reporters';
const ADAPTERS = 'src/scan/adapters';
export const IMPORTERS = 'src/findings/importers';

/** Folders that have the file of their kind, in alphabetical order; one without it is work under way. */
export function listFolders(folder: string, file: string): string[] {
  const absolute = path.join(PROJECT_ROOT, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(absolute, entry.name, file)))
    .map((entry) => entry.name)
    .toSorted();
}

function camelCase(id: string): string {
  return id.replace(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function registryOfRules(): string {
  const ids = listFolders(RULES, 'rule.ts');
  return [
    `// ${GENERATED_BY}`,
    "import type { Rule } from './rule.ts';",
    ...ids.map((id) => `import { rule as ${camelCase(id)} } from './rules/${id}/rule.ts';`),
    '',
    '/** Every rule, by its id, which is also its folder. */',
    'export const rules: readonly Rule[] = [',
    ...ids.map((id) => `  ${camelCase(id)},`),
    '];',
    '',
  ].join('\n');
}

/** The examples as text, so that a program that is one file can show them, too. */
function examplesOfRules(): string {
  const text = (id: string, name: string) =>
    JSON.stringify(readFileSync(path.join(PROJECT_ROOT, RULES, id, `${name}.yml`), 'utf8'));
  return [
    `// ${GENERATED_BY}`,
    '/** What each rule finds, and the same mended, by the id of the rule. */',
    'export const ruleExamples: Readonly<Record<string, { readonly bad: string; readonly good: string }>> = {',
    ...listFolders(RULES, 'rule.ts').map(
      (id) => `  '${id}': { bad: ${text(id, 'bad')}, good: ${text(id, 'good')} },`,
    ),
    '};',
    '',
  ].join('\n');
}

function registryOfReporters(): string {
  const ids = listFolders(REPORTERS, 'reporter.ts');
  return [
    `// ${GENERATED_BY}`,
    "import type { Reporter } from './reporters/reporter.ts';",
    ...ids.map((id) => `import { reporter as ${camelCase(id)} } from './reporters/${id}/reporter.ts';`),
    '',
    '/** Every format by its name, which is also its folder and its value of `--format`. */',
    'export const reporters: Readonly<Record<string, Reporter>> = {',
    ...ids.map((id) => `  ${camelCase(id) === id ? id : `'${id}': ${camelCase(id)}`},`),
    '};',
    '',
  ].join('\n');
}

/** Not loaded one by one: to tell whose a report is, all are asked, and only `vouchgate import` and the API load this. */
function registryOfImporters(): string {
  const ids = listFolders(IMPORTERS, 'importer.ts');
  return [
    `// ${GENERATED_BY}`,
    "import type { Importer } from './importer.ts';",
    ...ids.map((id) => `import { importer as ${camelCase(id)} } from './importers/${id}/importer.ts';`),
    '',
    '/** Every importer, by its id, which is also its folder and its value of `--as`. */',
    'export const importers: readonly Importer[] = [',
    ...ids.map((id) => `  ${camelCase(id)},`),
    '];',
    '',
  ].join('\n');
}

function registryOfViews(): string {
  const ids = listFolders(VIEWS, 'view.ts');
  return [
    `// ${GENERATED_BY}`,
    "import type { View } from './view.ts';",
    ...ids.map((id) => `import { view as ${camelCase(id)} } from './views/${id}/view.ts';`),
    '',
    '/** Every view, by its id, which is also its folder. */',
    'export const views: readonly View[] = [',
    ...ids.map((id) => `  ${camelCase(id)},`),
    '];',
    '',
  ].join('\n');
}

function registryOfAdapters(): string {
  const ids = listFolders(ADAPTERS, 'adapter.ts');
  return [
    `// ${GENERATED_BY}`,
    "import type { Adapter } from './adapters/adapter.ts';",
    ...ids.map((id) => `import { adapter as ${camelCase(id)} } from './adapters/${id}/adapter.ts';`),
    '',
    '/** Every tool that a scan can run beside its own rules, by its id, which is also its folder. */',
    'export const adapters: readonly Adapter[] = [',
    ...ids.map((id) => `  ${camelCase(id)},`),
    '];',
    '',
  ].join('\n');
}

export const scanRegistries: readonly Generator[] = [
  { path: 'src/scan/adapters.generated.ts', sources: [ADAPTERS], generate: async () => registryOfAdapters() },
  { path: 'src/scan/views.generated.ts', sources: [VIEWS], generate: async () => registryOfViews() },
  { path: 'src/scan/rules.generated.ts', sources: [RULES], generate: async () => registryOfRules() },
  { path: `${RULES}/examples.generated.ts`, sources: [RULES], generate: async () => examplesOfRules() },
  {
    path: 'src/findings/reporters.generated.ts',
    sources: [REPORTERS],
    generate: async () => registryOfReporters(),
  },
  {
    path: 'src/findings/importers.generated.ts',
    sources: [IMPORTERS],
    generate: async () => registryOfImporters(),
  },
];

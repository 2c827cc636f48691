/**
 * Writes the registries and the reference pages from the plug-ins' own metadata. `--check` writes nothing and
 * fails when something would change, so that what is committed is what the sources say. Words after it make only the
 * files whose path holds one of them: `npm run generate -- importers report-formats`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { apiPages } from './generate/api-pages.ts';
import { commandPage } from './generate/command-page.ts';
import { consoleOperations } from './generate/console-operations.ts';
import { configurationPages } from './generate/configuration-pages.ts';
import { errorPage } from './generate/error-page.ts';
import { importerPage } from './generate/importer-page.ts';
import { inputPage } from './generate/input-page.ts';
import { lintPage } from './generate/lint-page.ts';
import { metricsPage } from './generate/metrics-page.ts';
import type { Generator, Output } from './generate/output.ts';
import { providerPages } from './generate/provider-pages.ts';
import { riskAreaPage } from './generate/risk-area-page.ts';
import { registries } from './generate/registries.ts';
import { sinkPage } from './generate/sink-page.ts';
import { rolePage } from './generate/role-page.ts';
import { rulePages } from './generate/rule-pages.ts';
import { scanRegistries } from './generate/scan-registries.ts';
import { secretsPage } from './generate/secrets-page.ts';
import { PROJECT_ROOT } from './source/project-files.ts';

const REFERENCE = 'docs/reference';

/** Registries first: a page loads modules that may load them. */
const GENERATORS: readonly Generator[] = [
  ...scanRegistries,
  ...registries,
  ...providerPages,
  sinkPage,
  inputPage,
  metricsPage,
  errorPage,
  ...configurationPages,
  lintPage,
  rolePage,
  importerPage,
  ...rulePages,
  riskAreaPage,
  secretsPage,
  commandPage,
  ...apiPages,
  consoleOperations,
];

function absolute(file: string): string {
  return path.join(PROJECT_ROOT, file);
}

async function produce(generator: Generator): Promise<Output> {
  const missing = generator.sources.find((source) => !existsSync(absolute(source)));
  if (missing !== undefined) return { path: generator.path, missing };
  return { path: generator.path, text: await generator.generate() };
}

function isFresh(output: { path: string; text: string }): boolean {
  return existsSync(absolute(output.path)) && readFileSync(absolute(output.path), 'utf8') === output.text;
}

/** Everything in docs/reference is generated: a page that nothing makes any more goes. */
function listLeftovers(): string[] {
  if (!existsSync(absolute(REFERENCE))) return [];
  const made = new Set(GENERATORS.map((generator) => generator.path));
  return readdirSync(absolute(REFERENCE), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(PROJECT_ROOT, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
    )
    .filter((file) => !made.has(file));
}

function write(output: { path: string; text: string }): void {
  mkdirSync(path.dirname(absolute(output.path)), { recursive: true });
  writeFileSync(absolute(output.path), output.text);
}

async function main(check: boolean, words: readonly string[]): Promise<number> {
  const changed: string[] = [];
  const wanted = GENERATORS.filter(
    ({ path: made }) => words.length === 0 || words.some((word) => made.includes(word)),
  );
  for (const generator of wanted) {
    const output = await produce(generator);
    if ('missing' in output) {
      process.stdout.write(`skipped ${output.path}: there is no ${output.missing}\n`);
    } else if (!isFresh(output)) {
      changed.push(output.path);
      if (!check) write(output);
    }
  }
  for (const file of words.length === 0 ? listLeftovers() : []) {
    changed.push(file);
    if (!check) rmSync(absolute(file));
  }
  for (const file of changed) process.stdout.write(`${check ? 'stale' : 'wrote'} ${file}\n`);
  return check && changed.length > 0 ? 1 : 0;
}

const words = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
process.exitCode = await main(process.argv.includes('--check'), words);

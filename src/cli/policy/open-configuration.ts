import { checkGatePolicy } from '#posture/check-gate-policy.ts';
import { access } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Configuration, ConfigurationFiles } from '#broker/configuration/configuration.ts';
import { CONFIGURATION_FILE, loadConfiguration } from '#broker/configuration/load-configuration.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { CommandError } from '../command-error.ts';
import { formatParagraph } from '../layout.ts';
import { printable } from '../output.ts';
import { readConfigurationFolder } from '../server/configuration-folder.ts';

/** Where a checkout of the configuration or a data directory has it. */
const USUAL_FOLDERS = ['.', 'vouchgate', '.vouchgate/config'];

export async function findFolder(cwd: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return resolve(cwd, given);
  for (const folder of USUAL_FOLDERS) {
    const path = resolve(cwd, folder);
    if (await exists(join(path, CONFIGURATION_FILE))) return path;
  }
  throw new CommandError('usage_invalid', `there is no ${CONFIGURATION_FILE} here`, {
    remedy: 'Name its folder with --config DIR.',
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

export type OpenedConfiguration = { folder: string; files: ConfigurationFiles } & (
  | { ok: true; configuration: Configuration }
  | { ok: false; problems: readonly ConfigurationProblem[] }
);

/** Loads it as the server would, without reaching anything that it names. */
export async function openConfiguration(
  cwd: string,
  given: string | undefined,
): Promise<OpenedConfiguration> {
  const folder = await findFolder(cwd, given);
  const files = await readConfigurationFolder(folder);
  return { folder, files, ...(await loadConfiguration(files, { checkGatePolicy })) };
}

/** For commands that need a valid one: its first problem is the error. */
export async function requireConfiguration(
  cwd: string,
  given: string | undefined,
): Promise<{ folder: string; configuration: Configuration }> {
  const opened = await openConfiguration(cwd, given);
  if (opened.ok) return opened;
  const [first] = opened.problems.map((problem) => placeFrom(cwd, opened.folder, problem));
  const more = opened.problems.length - 1;
  throw new CommandError(
    'usage_invalid',
    `the configuration is not valid: ${first?.message ?? ''}${more > 0 ? ` (and ${more} more)` : ''}`,
    {
      remedy: 'vouchgate policy check shows all that is wrong.',
      location: `${first?.file}:${first?.line}:${first?.column}`,
    },
  );
}

/** The same problem with the file named as seen from here, so that an editor and a CI system find it. */
export function placeFrom<P extends { file: string }>(cwd: string, folder: string, problem: P): P {
  return { ...problem, file: relative(cwd, join(folder, problem.file)) };
}

export function isWarning(problem: ConfigurationProblem): boolean {
  return 'severity' in problem && problem.severity === 'warning';
}

/** `policies/shop.cedar:3:1: message [code]`, as compilers and editors write it, and the remedy below. */
export function describeProblem(problem: ConfigurationProblem, severity: 'error' | 'warning'): string {
  const { file, line, column, message, remedy } = problem;
  const code = 'code' in problem ? ` [${String(problem.code)}]` : '';
  const head = printable(`${file}:${line}:${column}: ${severity}: ${message}${code}`);
  return `${head}\n${remedy === '' ? '' : formatParagraph('  → ', remedy)}`;
}

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nearestWord } from '#core/nearest.ts';
import { toJson, visible } from '#findings/reporters/plain-text.ts';
import { rules } from '#scan/rules.generated.ts';
import { scanPaths } from '#scan/scan-paths.ts';
import { scanRepository } from '#scan/scan-repository.ts';
import type { View, ViewedRepository } from '#scan/view.ts';
import { views } from '#scan/views.generated.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { askAddresses, readAddress } from '../inspect/ask-addresses.ts';
import { writeMarkdown, writeTerminal } from '../inspect/write-blocks.ts';
import { formatFields } from '../layout.ts';
import { writeAll } from '../output.ts';
import { displayPath, mergeRepositories } from '../scan/merge-repositories.ts';
import { createProgress } from '../scan/progress.ts';
import { readDay } from '../scan/read-day.ts';
import { ScanCommandError } from '../scan/scan-command-error.ts';

const options = {
  format: { value: 'format', choices: ['terminal', 'json', 'markdown'], description: 'what to write' },
  with: {
    value: 'name=path',
    repeatable: true,
    description: 'a file, folder or address that the view can use (its page names them)',
  },
  write: { value: 'folder', description: 'write what the view proposes as files below this folder' },
  'as-of': { value: 'date', description: 'judge by the platforms’ rules of this day (YYYY-MM-DD)' },
} as const;
type InspectContext = CommandContext<typeof options>;

function findView(name: string | undefined): View | undefined {
  if (name === undefined) return undefined;
  const found = views.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const near = nearestWord(
    name,
    views.map(({ id }) => id),
  );
  throw new CommandError('usage_invalid', `there is no view "${name}"`, {
    remedy: near === undefined ? '`vouchgate inspect` lists them.' : `Did you mean "${near}"?`,
  });
}

function readInputs(values: readonly string[], view: View, cwd: string): Record<string, string> {
  const known = Object.keys(view.inputs ?? {});
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf('=');
      const name = value.slice(0, at);
      if (at < 1 || !known.includes(name)) {
        throw new CommandError('usage_invalid', `--with "${value}" is nothing that ${view.id} can use`, {
          remedy:
            known.length === 0
              ? 'Leave it out.'
              : `Write one of: ${known.map((each) => `${each}=PATH`).join(', ')}.`,
        });
      }
      const written = value.slice(at + 1);
      const address = readAddress(name, written, view);
      if (address !== undefined) return [name, address];
      const given = path.resolve(cwd, written);
      if (!existsSync(given))
        throw new CommandError('usage_invalid', `there is nothing at ${written}`, {
          remedy: `Give --with ${name}= a file or folder that is there.`,
        });
      return [name, given];
    }),
  );
}

function readRepositories(
  context: InspectContext,
  paths: readonly string[],
  asOfMs: number,
): ViewedRepository[] {
  const { cwd, global, stderr } = context;
  const progress = createProgress(context, global.quiet);
  const read: Omit<ViewedRepository, 'prefix'>[] = [];
  const scanned = scanPaths(
    paths.map((each) => path.resolve(cwd, each)),
    {
      rules,
      asOfMs,
      onProgress: (done, all) => progress.update(done, all),
      judge: (input, scanOptions) => {
        const scan = scanRepository(input, scanOptions);
        read.push({ root: input.root, scan });
        return scan;
      },
    },
  );
  progress.clear();
  const { problems, filesScanned } = mergeRepositories(scanned, cwd, true);
  for (const { file, line, message } of problems)
    stderr.write(`not wholly read: ${visible(`${file}:${line}: ${message}`)}\n`);
  if (filesScanned === 0)
    throw new ScanCommandError('nothing_to_scan', `no pipeline definition under ${paths.join(', ')}`, {
      remedy: 'Name the root of a repository, or files.',
    });
  const prefixOf = (root: string) => (read.length === 1 ? '' : `${displayPath(cwd, root)}/`);
  return read.map((each) => ({ ...each, prefix: prefixOf(each.root) }));
}

function writePatches(view: View, result: unknown, folder: string): string[] {
  const top = path.resolve(folder);
  return (view.patches?.(result) ?? []).map(({ file, text }) => {
    const target = path.resolve(top, file);
    // Names come from scanned files: none leads out of the folder.
    if (path.relative(top, target).startsWith('..'))
      throw new ScanCommandError('output_unwritable', `${file} lies outside of ${folder}`, {
        remedy: 'Give a folder of its own to --write.',
      });
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
    return target;
  });
}

async function run(context: InspectContext): Promise<number> {
  const { options: given, global, stdout, stderr, cwd, clock, args } = context;
  const [name, ...paths] = args;
  const view = findView(name);
  if (view === undefined) {
    await writeAll(
      stdout,
      formatFields(views.map(({ id, summary }): readonly [string, string] => [id, summary])),
    );
    return exitCodes.ok;
  }
  const inputs = readInputs(given.with, view, cwd);
  const asOfMs = readDay(given['as-of']) ?? clock.nowMs();
  const repositories = readRepositories(context, paths.length === 0 ? ['.'] : paths, asOfMs);
  const input = { repositories, asOfMs, inputs };
  const result = view.build(input, await askAddresses(context, view, input));
  const format = given.format ?? (global.format === 'json' ? 'json' : 'terminal');
  if (format === 'json') await writeAll(stdout, toJson({ view: view.id, version: 1, result }));
  else if (format === 'markdown') await writeAll(stdout, writeMarkdown(view.describe(result)));
  else await writeAll(stdout, writeTerminal(view.describe(result), global.color));
  if (given.write !== undefined) {
    const written = writePatches(view, result, path.resolve(cwd, given.write));
    if (!global.quiet) for (const file of written) stderr.write(`wrote ${displayPath(cwd, file)}\n`);
  }
  return exitCodes.ok;
}

export const command = defineCommand({
  name: 'inspect',
  summary: 'look at all pipelines at once: reach, tests, third parties',
  description:
    'A scan says what is wrong at a place; a view says what there is. Without a name it lists the views. ' +
    'Needs no server, and no network unless `--with` names an address; nothing is changed.',
  args: [
    { name: '[view]', description: 'what to look at' },
    { name: '[path...]', description: 'files and folders (default: the current folder)' },
  ],
  options,
  examples: [
    { explanation: 'which views there are', command: 'vouchgate inspect' },
    { explanation: 'what third parties bring in', command: 'vouchgate inspect inventory' },
  ],
  run,
});

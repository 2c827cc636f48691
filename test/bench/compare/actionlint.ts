import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { installFromGo } from '../../peers/scanners/install-scanner.ts';
import { type ComparedTool, plainPath, workflowsOf } from './tool.ts';

const Output = z
  .array(z.object({ filepath: z.string(), line: z.number(), kind: z.string(), message: z.string() }))
  // It writes `null` for an empty list.
  .nullable();

/** The code of an action, which is not brought along. */
const MISSING_FILE = /^file "[^"]*" does not exist in /;

/** In a text of several lines it names the line where the text begins, not the one it means. */
function findBlockEnd(file: string, line: number): number {
  const lines = readFileSync(file, 'utf8').split('\n');
  const head = lines[line - 1] ?? '';
  if (!/[|>][-+\d]*$/.test(head.trimEnd())) return line;
  const indent = head.search(/\S/);
  const end = lines.findIndex(
    (each, index) => index >= line && each.trim() !== '' && each.search(/\S/) <= indent,
  );
  return end === -1 ? lines.length : end;
}

/** Without shellcheck and pyflakes, which are programs of their own. */
export function findActionlint(): ComparedTool | { missing: string } {
  const installed = installFromGo('github.com/rhysd/actionlint/cmd/actionlint', 'v1.7.12');
  if ('missing' in installed) return installed;
  return {
    name: 'actionlint',
    ...installed,
    codes: [0, 1],
    filesOf: workflowsOf,
    arguments: ({ workflows }) => [
      '-shellcheck=',
      '-pyflakes=',
      '-no-color',
      '-format={{json .}}',
      ...workflows,
    ],
    read: (output, { folder }) =>
      (Output.parse(JSON.parse(output)) ?? [])
        .filter(({ message }) => !MISSING_FILE.test(message))
        .map(({ filepath, line, kind }) => ({
          rule: kind,
          file: plainPath(filepath),
          line,
          spans: [{ first: line, last: findBlockEnd(join(folder, filepath), line) }],
          shown: true,
        })),
  };
}

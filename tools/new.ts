/** `npm run new -- identity-provider my-platform`: writes the folder of a new plug-in and says what comes next. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { scaffold } from './scaffold/scaffold.ts';
import { PROJECT_ROOT } from './source/project-files.ts';

function nextSteps(files: readonly string[]): string {
  const [first = ''] = files;
  const test = files.find((file) => file.endsWith('.test.ts')) ?? '';
  return [
    ...files.map((file) => `wrote ${file}`),
    '',
    'Next:',
    `  1. fill in ${first}; everything that it says of itself becomes its reference page`,
    `  2. npm test -- ${test}    (fails until then)`,
    '  3. npm run generate, and commit what it writes',
    '  CONTRIBUTING.md has the details.',
    '',
  ].join('\n');
}

function main([kind, id]: readonly string[]): number {
  const made = scaffold(kind, id);
  if (!made.ok) {
    process.stderr.write(`${made.message}\n`);
    return 2;
  }
  const paths = Object.keys(made.files);
  const taken = paths.find((file) => existsSync(path.join(PROJECT_ROOT, file)));
  if (taken !== undefined) {
    process.stderr.write(`${taken} is there already; nothing was written.\n`);
    return 1;
  }
  for (const [file, text] of Object.entries(made.files)) {
    const absolute = path.join(PROJECT_ROOT, file);
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, text, { flag: 'wx' });
  }
  process.stdout.write(nextSteps(paths));
  return 0;
}

process.exitCode = main(process.argv.slice(2));

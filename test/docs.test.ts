import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  isTestFile,
  listProjectFiles,
  PROJECT_ROOT,
  readProjectFile,
} from '../tools/source/project-files.ts';
import { type MarkdownPage, readMarkdown } from '../tools/source/read-markdown.ts';
import { checkExample, isChecked } from './docs-examples.ts';

const README_LINES_MAX = 150;

const files = listProjectFiles();
const pages = new Map(
  files
    .filter((file) => file.endsWith('.md'))
    .map((file) => [file, readMarkdown(readProjectFile(file))] as const),
);

function findBrokenLinks(file: string, page: MarkdownPage): string[] {
  return page.links.flatMap(({ target, line }) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [relative = '', anchor] = target.split('#');
    const linked = relative === '' ? file : path.posix.join(path.posix.dirname(file), relative);
    if (linked !== file && !existsSync(path.join(PROJECT_ROOT, linked)))
      return [`${file}:${line}: there is no ${linked}`];
    const anchors = linked === file ? page.anchors : pages.get(linked)?.anchors;
    const missing = anchor !== undefined && anchors !== undefined && !anchors.has(anchor);
    return missing ? [`${file}:${line}: ${linked} has no heading #${anchor}`] : [];
  });
}

/** Files of ours that a page names in inline code, such as `src/api/routes.ts`. */
function findMissingFiles(file: string, page: MarkdownPage): string[] {
  return page.inlineCode.flatMap(({ text, line }) => {
    if (!/^(?:src|test|tools|docs|action|templates)\/[\w./-]+$/.test(text) || text.includes('/my-'))
      return [];
    return existsSync(path.join(PROJECT_ROOT, text)) ? [] : [`${file}:${line}: there is no ${text}`];
  });
}

function commandNames(): string[] {
  return [...readProjectFile('src/cli/commands.generated.ts').matchAll(/\bname: '([a-z-]+)'/g)].map(
    ([, name]) => name ?? '',
  );
}

/** Commands in code, inline or in a block; in prose a word after the name is just a word. */
function findUnknownCommands(file: string, page: MarkdownPage, known: ReadonlySet<string>): string[] {
  const code = [...page.inlineCode, ...page.blocks.filter((block) => !/^(?:text|cedar)/.test(block.info))];
  return code.flatMap(({ text, line }) =>
    [...text.matchAll(/(?:^|[\s`])vouchgate ([a-z][a-z-]*)/g)]
      .filter(([, name]) => !known.has(name ?? ''))
      .map(([, name]) => `${file}:${line}: there is no command \`vouchgate ${name}\``),
  );
}

describe('the documents', () => {
  test('relative links and their anchors lead somewhere', () => {
    expect(pages.size).toBeGreaterThan(10);
    expect([...pages].flatMap(([file, page]) => findBrokenLinks(file, page))).toEqual([]);
  });

  test('files that they name exist', () => {
    expect([...pages].flatMap(([file, page]) => findMissingFiles(file, page))).toEqual([]);
  });

  test('commands that they name exist', () => {
    const known = new Set(commandNames());
    expect(known.size).toBeGreaterThan(0);
    expect([...pages].flatMap(([file, page]) => findUnknownCommands(file, page, known))).toEqual([]);
  });

  test('commands that remedies and comments in the sources name exist', () => {
    const known = new Set(commandNames());
    const sources = files.filter((file) => /^(?:src|action\/src)\/.*\.ts$/.test(file) && !isTestFile(file));
    const unknown = sources.flatMap((file) =>
      [...readProjectFile(file).matchAll(/`vouchgate ([a-z][a-z-]*)/g)]
        .filter(([, name]) => !known.has(name ?? ''))
        .map(([, name]) => `${file}: there is no command \`vouchgate ${name}\``),
    );
    expect(unknown).toEqual([]);
  });

  test(`the README has at most ${README_LINES_MAX} lines`, () => {
    expect(readProjectFile('README.md').split('\n').length).toBeLessThanOrEqual(README_LINES_MAX);
  });

  test('every decision is in the list of decisions', () => {
    const listed = pages.get('docs/decisions/README.md')?.links.map(({ target }) => target);
    const decisions = [...pages.keys()].filter((file) => /^docs\/decisions\/\d{4}-/.test(file));
    expect(listed?.toSorted()).toEqual(decisions.map((file) => path.posix.basename(file)).toSorted());
  });

  test('YAML and JSON in them can be read', () => {
    for (const [file, page] of pages) {
      for (const { info, text, line } of page.blocks) {
        if (!/^(?:ya?ml|json)\b/.test(info)) continue;
        // A definition may be several documents: GitLab keeps a header of its own.
        const faults = [...parseAllDocuments(text)].flatMap(({ errors }) => errors);
        expect(faults, `${file}:${line}`).toEqual([]);
      }
    }
  });
});

describe('the examples are valid', () => {
  const examples = [...pages].flatMap(([file, page]) =>
    page.blocks
      .filter(({ info }) => isChecked(info))
      .map((block) => ({ ...block, name: `${file}:${block.line}` })),
  );

  test.each(examples)('$name', async ({ info, text }) => {
    expect(await checkExample(info, text)).toEqual([]);
  });
});

describe('each check finds what is planted', () => {
  test('a link and an anchor that lead nowhere', () => {
    const page = readMarkdown('# Here\n[a](no-such.md) [b](#there) [c](#here) `[d](no-such.md)`\n');
    expect(findBrokenLinks('docs/planted.md', page)).toEqual([
      'docs/planted.md:2: there is no docs/no-such.md',
      'docs/planted.md:2: docs/planted.md has no heading #there',
    ]);
  });

  test('a file and a command that do not exist', () => {
    const page = readMarkdown('`src/no-such.ts`\n\n```sh\nnpx vouchgate frobnicate --all\n```\n');
    expect(findMissingFiles('a.md', page)).toEqual(['a.md:1: there is no src/no-such.ts']);
    expect(findUnknownCommands('a.md', page, new Set(['up']))).toEqual([
      'a.md:3: there is no command `vouchgate frobnicate`',
    ]);
  });
});

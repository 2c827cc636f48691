import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  isTestFile,
  listProjectFiles,
  PROJECT_ROOT,
  readProjectFile,
} from '../tools/source/project-files.ts';
import { lineAt, scanSource } from '../tools/source/scan-source.ts';

/** Longer files, with the lines they have now. Only ever shorten this list. */
const LONGER_FOR_NOW: Readonly<Record<string, number>> = {};
const LINES_MAX = 300;
const TEST_LINES_MAX = 500;

const SOURCE = /\.(?:tsx?|cjs|mjs|js)$/;
const GENERATED = /(?:\.generated\.ts$|^action\/dist\/|^package-lock\.json$|^docs\/reference\/)/;

interface Ban {
  name: string;
  /** Where it holds. */
  applies(file: string): boolean;
  /** What is searched: code and comments never mix up. */
  within: 'code' | 'comments' | 'text';
  pattern: RegExp;
  instead: string;
  /** Proof that the ban finds something, and that it does not find everything. */
  bad: readonly [file: string, text: string];
  good: readonly [file: string, text: string];
}

const inSource = (file: string) => SOURCE.test(file) && !GENERATED.test(file);
const shipped = (file: string) => inSource(file) && file.startsWith('src/') && !isTestFile(file);

const BANS: readonly Ban[] = [
  {
    name: 'the environment is read in two places',
    applies: (file) => shipped(file) && !/^src\/(?:cli|core\/config)\//.test(file),
    within: 'code',
    pattern: /\bprocess\s*\.\s*env\b|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/g,
    instead: 'take the value as a parameter; src/cli reads the environment',
    bad: ['src/broker/a.ts', 'const a = process.env.HOME;'],
    good: ['src/cli/a.ts', 'const a = process.env.HOME;'],
  },
  {
    name: 'no printing',
    applies: (file) => shipped(file) && !file.startsWith('src/cli/'),
    within: 'code',
    pattern: /(?<![\w.$])console\s*\./g,
    instead: 'take a Logger (#core/log.ts)',
    bad: ['src/broker/a.ts', "console.log('a');"],
    good: ['src/broker/a.ts', '// console.log is for the command line'],
  },
  {
    name: 'time and chance come in from outside',
    applies: (file) => shipped(file) && !file.startsWith('src/core/'),
    within: 'code',
    pattern: /\bDate\s*\.\s*now\b|\bMath\s*\.\s*random\b|\bnew\s+Date\s*(?:\(\s*\)|(?=[;,)\]]))/g,
    instead: 'take a Clock (#core/clock.ts); random bytes from node:crypto',
    bad: ['src/broker/a.ts', 'const a = new Date();'],
    good: ['src/broker/a.ts', 'const a = new Date(clock.nowMs());'],
  },
  {
    name: 'no any',
    applies: inSource,
    within: 'code',
    pattern: /(?:[:<|&,=[]|\bas|\bextends|\bsatisfies)\s*any\b(?=\s*(?:[;,)\]}>|&=[{\n]|$))/g,
    instead: 'unknown, and a zod schema or a type guard',
    bad: ['test/a.ts', 'function a(b: any) {}'],
    good: ['test/a.ts', 'const any: unknown = pick(any);'],
  },
  {
    name: 'no default exports',
    applies: (file) => inSource(file) && !file.endsWith('.config.ts'),
    within: 'code',
    pattern: /\bexport\s+default\b|\bas\s+default\b/g,
    instead: 'a named export',
    bad: ['src/core/a.ts', 'export default 1;'],
    good: ['vitest.config.ts', 'export default 1;'],
  },
  {
    name: 'work that is left has an issue',
    applies: inSource,
    within: 'comments',
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))/g,
    instead: 'do it now, or `TODO(#12): …` with the issue’s number',
    bad: ['src/core/a.ts', '// TODO: later'],
    good: ['src/core/a.ts', "// TODO(#12): later\nconst a = 'TODO';"],
  },
  {
    name: 'no test is left out in silence',
    applies: inSource,
    within: 'code',
    pattern:
      /\b(?:it|test|describe|suite)(?:\s*\.\s*\w+)*\s*\.\s*(?:skip|only|todo)\b(?!If)|\.\s*skip\s*\(\s*\)/g,
    instead: '`describe.skipIf(missing)` with the reason in its name, or `context.skip(condition, reason)`',
    bad: ['src/core/a.test.ts', "test.only('a', () => {});"],
    good: ['src/core/a.test.ts', "test.skipIf(none)('a (skipped: no PostgreSQL)', () => {});"],
  },
  {
    name: 'no paths of one machine',
    applies: (file) => !GENERATED.test(file),
    within: 'text',
    // Also behind the scheme of a file's address.
    pattern: new RegExp(
      `(?:(?<![\\w.~*/-])|(?<=file://))/(?:${['home', 'Users', 'work', 'root'].join('|')})/[\\w.-]+`,
      'g',
    ),
    instead: 'a path relative to the checkout, or one that the caller gives',
    bad: ['docs/a.md', ['see ', 'home', 'me', 'a.ts'].join('/')],
    good: ['docs/a.md', 'see ./home/me/a.ts'],
  },
  {
    name: 'no host of a package registry',
    applies: (file) => !GENERATED.test(file),
    within: 'text',
    pattern: /\bregistry\.[a-z0-9-]+\.[a-z]{2,}\b/gi,
    instead: 'nothing: npm knows its registry from the reader’s own settings',
    bad: ['docs/a.md', ['from registry', 'example', 'org'].join('.')],
    good: ['docs/a.md', 'from the registry.'],
  },
];

function findBanned(ban: Ban, file: string, text: string): string[] {
  if (!ban.applies(file)) return [];
  const searched = ban.within === 'text' ? text : scanSource(text)[ban.within];
  return [...searched.matchAll(ban.pattern)].map(
    (match) =>
      `${file}:${lineAt(searched, match.index)}: ${match[0].trim()} (${ban.name}). Instead: ${ban.instead}.`,
  );
}

function findBadName(file: string): string[] {
  const name = path.posix.basename(file);
  if (!/^(?:src|test|tools|action\/src)\/.*\.(?:ts|cjs)$/.test(file)) return [];
  const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*\.(?:ts|cjs)$/.test(name);
  if (kebab && !/^(?:index|utils?|helpers?|misc|common)\./.test(name)) return [];
  return [`${file}: name the file in kebab-case, in full words, after what is in it.`];
}

function findLongFile(file: string, text: string): string[] {
  if (!inSource(file)) return [];
  const lines = text.split('\n').length - 1;
  const budget = LONGER_FOR_NOW[file] ?? (isTestFile(file) ? TEST_LINES_MAX : LINES_MAX);
  return lines > budget ? [`${file}: ${lines} lines, at most ${budget}. Split it by what it does.`] : [];
}

describe('the tree is tidy', () => {
  // Every text, whatever its name ends with: an example in Groovy is read by people, too.
  const files = listProjectFiles()
    .map((file) => [file, readProjectFile(file)] as const)
    .filter(([, text]) => !text.includes('\0'));

  test.each(BANS)('$name', (ban) => {
    expect(files.flatMap(([file, text]) => findBanned(ban, file, text))).toEqual([]);
  });

  test('nothing names this checkout’s folder or this machine’s registry', () => {
    const places = [path.dirname(PROJECT_ROOT), homedir()].filter((place) => place.split(/[\\/]/).length > 2);
    const registry = process.env['npm_config_registry'];
    if (registry !== undefined) places.push(new URL(registry).hostname);
    const banned = places.filter((place) => place !== 'localhost' && place !== '127.0.0.1');
    const found = files.filter(
      ([file, text]) => !GENERATED.test(file) && banned.some((b) => text.includes(b)),
    );
    expect(found.map(([file]) => file)).toEqual([]);
  });

  test('files are named in kebab-case', () => {
    expect(files.flatMap(([file]) => findBadName(file))).toEqual([]);
  });

  test('files stay within their budget of lines', () => {
    expect(files.flatMap(([file, text]) => findLongFile(file, text))).toEqual([]);
  });

  test('the list of longer files only shrinks', () => {
    for (const [file, lines] of Object.entries(LONGER_FOR_NOW)) {
      const now = readProjectFile(file).split('\n').length - 1;
      expect(now, `${file} is shorter now: correct its line in LONGER_FOR_NOW`).toBe(lines);
    }
  });
});

describe('each check finds what is planted', () => {
  test.each(BANS)('$name', (ban) => {
    expect(findBanned(ban, ...ban.bad)).toHaveLength(1);
    expect(findBanned(ban, ...ban.good)).toEqual([]);
  });

  test.each(['src/core/badName.ts', 'src/core/index.ts', 'src/core/utils.ts', 'test/Snake_case.test.ts'])(
    'the name %s',
    (file) => {
      expect(findBadName(file)).toHaveLength(1);
    },
  );

  test('a file over its budget', () => {
    expect(findLongFile('src/core/a.ts', 'a\n'.repeat(LINES_MAX))).toEqual([]);
    expect(findLongFile('src/core/a.ts', 'a\n'.repeat(LINES_MAX + 1))).toHaveLength(1);
  });
});

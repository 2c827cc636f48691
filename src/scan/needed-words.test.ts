import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rule as base } from './rules/hardcoded-secret/rule.ts';
import type { Rule } from './rule.ts';
import { rules } from './rules.generated.ts';
import { scanRepository } from './scan-repository.ts';
import { type FixtureFile, readFixture, splitFixture } from './testing/fixture.ts';
import { hostileYaml } from './testing/hostile-yaml.ts';
import { TEST_DAY_MS } from './testing/scan-text.ts';

const CASES = new URL('cases/', import.meta.url);

function scan(files: readonly FixtureFile[], askAlways: boolean, asked: readonly Rule[] = rules) {
  const { findings, problems } = scanRepository(
    { root: '', files },
    { rules: asked, asOfMs: TEST_DAY_MS, askAlways },
  );
  return { findings, problems };
}

/** The text without the words, whatever their case. */
function blank(text: string, words: readonly string[]): string {
  return words.reduce((left, word) => left.replace(new RegExp(RegExp.escape(word), 'gi'), 'qqq'), text);
}

describe('what is found with words and without', () => {
  it.each(rules.map(({ id }) => id))('is the same in the examples of %s', (id) => {
    for (const name of ['bad', 'good'] as const) {
      const files = readFixture(id, name);
      expect(scan(files, false)).toEqual(scan(files, true));
    }
  });

  it.each(readdirSync(CASES))('is the same in the cases of %s', (platform) => {
    const folder = new URL(`${platform}/`, CASES);
    for (const file of readdirSync(folder)) {
      const files = splitFixture(readFileSync(new URL(file, folder), 'utf8'));
      expect(scan(files, false)).toEqual(scan(files, true));
    }
  });

  it('is the same in arbitrary YAML', () => {
    const property = fc.property(hostileYaml(), (text) => {
      const files = [{ file: '.github/workflows/a.yml', text }];
      expect(scan(files, false)).toEqual(scan(files, true));
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe.each(rules.filter(({ needs }) => needs !== undefined))('the words of $id', ({ id, needs = [] }) => {
  it('are ASCII in lower case without white space, each once', () => {
    expect(needs.length).toBeGreaterThan(0);
    for (const word of needs) expect(word).toMatch(/^[!-@[-~]{2,}$/);
    expect(new Set(needs).size).toBe(needs.length);
  });

  it('are needed: without them it finds nothing in its bad example, even when it is asked', () => {
    const files = readFixture(id, 'bad');
    const withoutWords = files.map(({ file, text }) => ({ file, text: blank(text, needs) }));
    const found = scan(withoutWords, true).findings.filter(({ ruleId }) => ruleId === id);
    expect(found.map(({ message }) => message)).toEqual([]);
  });
});

describe('a rule that needs a word', () => {
  const WORKFLOW = '.github/workflows/a.yml';
  const workflow = (step: string): string =>
    `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - ${step}\n`;

  /** Places in which a rule that needs `needle` is asked, one of each kind. */
  function askedIn(files: Readonly<Record<string, string>>): string[] {
    const asked = new Set<string>();
    const rule: Rule = {
      ...base,
      id: 'x',
      needs: ['needle', 'other'],
      platforms: ['github', 'gitlab'],
      file: () => {},
      pipeline: ({ file }) => asked.add(file),
      configuration: ({ file }) => asked.add(file),
      repository: () => asked.add('repository'),
    };
    const given = Object.entries(files).map(([file, text]) => ({ file, text }));
    expect(scan(given, false, [rule]).problems).toEqual([]);
    return [...asked];
  }

  it('is asked only where one stands, in whatever case and within whatever else', () => {
    expect(askedIn({ [WORKFLOW]: workflow('run: make') })).toEqual([]);
    for (const text of ['needle', 'NEEDLES', 'a_Other-b']) {
      expect(askedIn({ [WORKFLOW]: workflow(`run: ${text}`) })).toEqual([WORKFLOW, 'repository']);
    }
  });

  it.each([
    String.raw`run: "n\x65edle"`,
    String.raw`run: "\u006Eeedle"`,
    String.raw`"\U0000006eeedle": x`,
    'run: "nee\\\n         dle"',
    'run: "nee\\\r\n         dle"',
  ])('is asked where YAML hides it: %j', (step) => {
    expect(askedIn({ [WORKFLOW]: workflow(step) })).toContain(WORKFLOW);
  });

  it('is asked at both ends of a call, when the word stands at one of them', () => {
    const action = (run: string) =>
      `name: x\ndescription: x\nruns:\n  using: composite\n  steps:\n    - run: ${run}\n      shell: bash\n`;
    const caller = (name: string) => workflow(`uses: ./${name}`);
    const other = '.github/workflows/b.yml';
    expect(
      askedIn({
        [WORKFLOW]: caller('act'),
        [other]: workflow('run: make'),
        'act/action.yml': action('needle'),
      }),
    ).toEqual([WORKFLOW, 'act/action.yml', 'repository']);
    const called = caller('act').replace('run: make', 'run: needle');
    expect(
      askedIn({ [WORKFLOW]: `${called}      - run: needle\n`, 'act/action.yml': action('make') }),
    ).toEqual([WORKFLOW, 'act/action.yml', 'repository']);
  });

  it('is asked everywhere on other platforms, and of a repository that has their files', () => {
    const gitlab = { '.gitlab-ci.yml': 'a: { script: [make] }\n' };
    expect(askedIn(gitlab)).toEqual(['.gitlab-ci.yml', 'repository']);
    expect(askedIn({ ...gitlab, [WORKFLOW]: workflow('run: make') })).toEqual([
      '.gitlab-ci.yml',
      'repository',
    ]);
  });

  it('is asked of a configuration with the word, and not of one without', () => {
    const updates = (directory: string) =>
      `version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /${directory}\n    schedule: { interval: daily }\n`;
    expect(askedIn({ '.github/dependabot.yml': updates('needle') })).toContain('.github/dependabot.yml');
    expect(askedIn({ '.github/dependabot.yml': updates('') })).toEqual([]);
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitFixture } from './testing/fixture.ts';
import { scanFiles } from './testing/scan-text.ts';

/*
 * Vulnerable and mended pairs by platform: `cases/<platform>/<name>.bad.yml` and `<name>.good.yml`. The first line of
 * the bad one names what must be found, `# finds: rule-a rule-b` (`//` where the language wants it); nothing of that
 * may be found in the good one.
 */
const FOLDER = new URL('cases/', import.meta.url);
const BAD = /^(.+)\.bad(\.\w+)$/;

interface Case {
  readonly name: string;
  readonly bad: URL;
  readonly good: URL;
}

function listCases(platform: string): Case[] {
  const folder = new URL(`${platform}/`, FOLDER);
  return readdirSync(folder).flatMap((file) => {
    const [, name, extension] = BAD.exec(file) ?? [];
    if (name === undefined) return [];
    return [{ name, bad: new URL(file, folder), good: new URL(`${name}.good${extension}`, folder) }];
  });
}

function scan(url: URL): { ids: Set<string>; problems: readonly unknown[]; pipelines: number } {
  const { findings, problems, repository } = scanFiles(splitFixture(readFileSync(url, 'utf8')));
  return {
    ids: new Set(findings.map(({ ruleId }) => ruleId)),
    problems,
    pipelines: repository.pipelines.length,
  };
}

function expectedOf(url: URL): string[] {
  const [, names = ''] = /^(?:#|\/\/) finds: (.+)\n/.exec(readFileSync(url, 'utf8')) ?? [];
  return names.split(' ').filter((name) => name !== '');
}

const platforms = existsSync(FOLDER) ? readdirSync(FOLDER) : [];

describe.each(platforms)('%s', (platform) => {
  it('has at least twenty pairs', () => expect(listCases(platform).length).toBeGreaterThanOrEqual(20));

  it.each(listCases(platform).map((each) => [each.name, each] as const))('%s', (_name, { bad, good }) => {
    const expected = expectedOf(bad);
    expect(expected.length).toBeGreaterThan(0);
    const found = scan(bad);
    expect(found.problems).toEqual([]);
    expect(expected.filter((id) => !found.ids.has(id))).toEqual([]);
    const mended = scan(good);
    expect(mended.problems).toEqual([]);
    expect(mended.pipelines).toBeGreaterThan(0);
    expect(expected.filter((id) => mended.ids.has(id))).toEqual([]);
  });
});

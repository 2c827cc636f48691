import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { pathOf } from '../expression.ts';
import { readAzureCondition, readAzureExpressions } from './texts.ts';

const pathsIn = (value: string) =>
  readAzureExpressions(value).map(({ outer, parsed }) => [
    value.slice(outer.start, outer.end),
    parsed.ok ? pathOf(parsed.root) : 'not read',
  ]);

describe('readAzureExpressions', () => {
  it('reads the three kinds with their places', () => {
    expect(pathsIn('a $(Build.SourceBranch) b')).toEqual([
      ['$(Build.SourceBranch)', 'variables.build.sourcebranch'],
    ]);
    expect(pathsIn("${{ variables['Build.Reason'] }}/${{ parameters.name }}")).toEqual([
      ["${{ variables['Build.Reason'] }}", 'variables.build.reason'],
      ['${{ parameters.name }}', 'parameters.name'],
    ]);
    expect(pathsIn(" $[ variables['x.y'] ]")).toEqual([["$[ variables['x.y'] ]", 'variables.x.y']]);
  });

  it('leaves commands of the shell to the shell', () => {
    expect(pathsIn('$(git rev-parse HEAD) $((1 + 2)) ${HOME} $[1+1] more')).toEqual([]);
  });

  it('counts a macro inside of an expression once', () => {
    expect(pathsIn("${{ coalesce(parameters.a, '$(b)') }}")).toHaveLength(1);
  });

  it('reads a megabyte in a moment', () => {
    const begun = threadMs();
    readAzureExpressions('$('.repeat(500_000));
    readAzureExpressions('$(a'.repeat(300_000));
    readAzureExpressions('${{ '.repeat(250_000));
    readAzureExpressions(`$[${' '.repeat(1_000_000)}`);
    readAzureExpressions('$(ab) '.repeat(150_000));
    expect(threadMs() - begun).toBeLessThan(3_000);
  });
});

it('takes a condition as one expression', () => {
  const [condition] = readAzureCondition("and(succeeded(), eq(variables['a'], 'b'))");
  expect(condition?.parsed.ok).toBe(true);
});

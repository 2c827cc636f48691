import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression } from './github/expressions/parse.ts';
import { evaluateExpression, evaluateGuard, evaluateJob, type Knowledge } from './guard.ts';
import { outsiderAssumption } from './github/outsider.ts';
import { readDefinitions } from './read-file.ts';
import { SourceText } from './source.ts';

function judge(text: string, event = 'pull_request_target'): string {
  const parsed = parseExpression(text);
  return parsed.ok ? evaluateExpression(parsed.root, outsiderAssumption(event)) : 'error';
}

describe('a condition, when an outsider comes from a fork', () => {
  it.each([
    ["github.event_name == 'pull_request_target'", 'true'],
    ["github.event_name == 'push'", 'false'],
    ['github.event.pull_request.head.repo.fork', 'true'],
    ['github.event.pull_request.head.repo.full_name == github.repository', 'false'],
    ['github.event.pull_request.head.repo.full_name != github.repository', 'true'],
    ["github.repository == 'us/it'", 'unknown'],
    ["github.event.pull_request.author_association == 'MEMBER'", 'false'],
    ["github.event.pull_request.author_association == 'CONTRIBUTOR'", 'unknown'],
    ["github.event.pull_request.author_association != 'NONE'", 'unknown'],
    ['contains(fromJSON(\'["OWNER","MEMBER"]\'), github.event.pull_request.author_association)', 'false'],
    ["contains('OWNER MEMBER', github.event.pull_request.author_association)", 'false'],
    ["github.event.pull_request.user.login == 'boss'", 'false'],
    ["github.actor == 'dependabot[bot]'", 'unknown'],
    ['contains(fromJSON(\'["boss","renovate[bot]"]\'), github.actor)', 'unknown'],
    ["github.actor == 'boss'", 'false'],
    ["github.event.pull_request.user.login == 'dependabot[bot]'", 'false'],
    ["contains(github.event.pull_request.labels.*.name, 'safe')", 'unknown'],
    ["always() && github.event_name == 'push'", 'false'],
    ["github.event_name == 'push' || github.event.pull_request.head.repo.fork == false", 'false'],
    ['github.event.issue.pull_request', 'false'],
    ['!cancelled()', 'unknown'],
    ["vars.X && 'a' || ''", 'unknown'],
  ])('%s: %s', (text, expected) => {
    expect(judge(text)).toBe(expected);
  });
});

const jobsOf = (text: string) => {
  const [definition] = readDefinitions(new SourceText('.github/workflows/a.yml', text)).definitions;
  return definition?.kind === 'pipeline' ? definition.pipeline.jobs : [];
};

it('text around an expression, a block’s line break and two expressions make a condition true', () => {
  const jobs = jobsOf(
    "on: push\njobs:\n  a: {if: \"${{ github.event_name == 'x' }} and\"}\n  b:\n    if: |\n      ${{ false }}\n  c: {if: '${{ false }}'}\n  d: {if: false}\n  e: {if: '${{ false }} || ${{ false }}'}\n",
  );
  const truths = jobs.map(({ guard }) => evaluateGuard(guard, () => undefined));
  expect(truths).toEqual(['true', 'true', 'false', 'false', 'true']);
});

it('a job is stopped by what it needs, unless it runs always', () => {
  const jobs = jobsOf(
    "on: push\njobs:\n  gate: {if: github.event_name == 'push'}\n  a: {needs: gate}\n  b: {needs: [a], if: always()}\n  c: {needs: c}\n",
  );
  const assume = outsiderAssumption('issues');
  expect(jobs.map((job) => evaluateJob(job, assume))).toEqual(['false', 'false', 'true', 'true']);
});

/** What the platform does when everything is known, written down a second time, for two-valued variables. */
it('knows no more than is true: a verdict holds for every value of what is unknown', () => {
  const names = ['p', 'q', 'r'];
  const { text } = fc.letrec<{ text: string }>((tie) => ({
    text: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(...names, 'true', 'false'),
      tie('text').map((inner) => `!(${inner})`),
      fc
        .tuple(tie('text'), fc.constantFrom('&&', '||', '==', '!='), tie('text'))
        .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    ),
  }));
  const property = fc.property(text, fc.constantFrom(...names), (source, unknown) => {
    const parsed = parseExpression(source);
    if (!parsed.ok) throw new Error(source);
    const evaluate = (values: Record<string, boolean>) =>
      evaluateExpression(parsed.root, (path): Knowledge | undefined =>
        values[path] === undefined ? undefined : { oneOf: [values[path]] },
      );
    for (const known of [true, false]) {
      const rest = Object.fromEntries(names.filter((name) => name !== unknown).map((name) => [name, known]));
      const partly = evaluate(rest);
      if (partly === 'unknown') continue;
      expect(evaluate({ ...rest, [unknown]: true })).toBe(partly);
      expect(evaluate({ ...rest, [unknown]: false })).toBe(partly);
    }
  });
  fc.assert(property, { numRuns: 500 });
});

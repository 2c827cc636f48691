import { describe, expect, it } from 'vitest';
import { SourceText } from '../source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { evaluateConditions } from './conditions.ts';
import { readStarts, situationOf } from './starts.ts';
import { asMapping } from '../yaml/access.ts';
import { azureCondition } from './texts.ts';

const EVERYTHING = 'trigger: [main]\npr: [main]\nschedules:\n  - cron: 0 1 * * *\n';

function situations() {
  const source = new SourceText('azure-pipelines.yml', EVERYTHING);
  const root = asMapping(parseYaml(source).documents[0]);
  if (root === undefined) throw new Error('no mapping');
  const starts = readStarts(root, false);
  const find = (what: string) => {
    const start = starts.find((each) => each.what.startsWith(what));
    if (start === undefined) throw new Error(`nothing starts by ${what}`);
    return situationOf(start);
  };
  return {
    fork: find('a pull request from a fork'),
    own: find('a pull request from a branch'),
    push: find('a push'),
    schedule: find('a schedule'),
    manual: find('a person'),
  };
}

function judge(condition: string, situation: keyof ReturnType<typeof situations>) {
  const source = new SourceText('a.yml', JSON.stringify(condition));
  const text = azureCondition(parseYaml(source).documents[0], source);
  return evaluateConditions(text === undefined ? [] : [text], situations()[situation]);
}

describe('evaluateConditions', () => {
  it.each([
    ["ne(variables['Build.Reason'], 'PullRequest')", 'fork', 'false'],
    ["ne(variables['Build.Reason'], 'PullRequest')", 'push', 'true'],
    ["and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))", 'fork', 'false'],
    ["and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))", 'push', 'unknown'],
    ["startsWith(variables['Build.SourceBranch'], 'refs/tags/')", 'own', 'false'],
    ["startsWith(variables['Build.SourceBranch'], 'refs/pull/')", 'own', 'true'],
    ["eq(variables['System.PullRequest.IsFork'], 'False')", 'fork', 'false'],
    ["eq(variables['System.PullRequest.IsFork'], 'False')", 'own', 'true'],
    ["eq(variables['System.PullRequest.PullRequestId'], '')", 'fork', 'false'],
    ["in(variables['Build.Reason'], 'IndividualCI', 'BatchedCI')", 'fork', 'false'],
    ["notIn(variables['Build.Reason'], 'PullRequest')", 'fork', 'false'],
    ["eq(variables['build.reason'], 'schedule')", 'schedule', 'true'],
    ["eq(variables['Build.Reason'], 'Manual')", 'push', 'false'],
    ["eq(variables['Build.Reason'], 'Manual')", 'manual', 'true'],
    ["or(eq(variables['Build.Reason'], 'PullRequest'), eq(variables.x, 'y'))", 'push', 'unknown'],
    ["contains(variables['Build.SourceBranch'], 'release')", 'fork', 'unknown'],
    ["endsWith(variables['Build.SourceBranch'], '/main')", 'fork', 'unknown'],
    ["not(eq(variables['Build.Reason'], 'PullRequest'))", 'own', 'false'],
    ['always()', 'fork', 'true'],
    ['false', 'push', 'false'],
    ['eq(parameters.x, true)', 'push', 'unknown'],
    ['this is (no condition', 'push', 'unknown'],
  ] as const)('%s in %s is %s', (condition, situation, expected) => {
    expect(judge(condition, situation)).toBe(expected);
  });

  it('holds without conditions', () => {
    expect(evaluateConditions([], situations().fork)).toBe('true');
  });
});

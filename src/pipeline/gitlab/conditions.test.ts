import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCondition } from './conditions.ts';
import {
  defaultBranch,
  evaluateCondition,
  evaluateRules,
  mergeRequest,
  type Situation,
} from './situation.ts';

function evaluate(text: string, situation: Situation) {
  const node = parseCondition(text);
  return node === undefined ? 'unread' : evaluateCondition(node, situation);
}

describe('a condition', () => {
  it.each([
    ['$CI_PIPELINE_SOURCE == "merge_request_event"', 'true', 'false'],
    ["'push' == $CI_PIPELINE_SOURCE", 'false', 'true'],
    ['$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH', 'false', 'true'],
    ['$CI_COMMIT_BRANCH', 'false', 'true'],
    ['$CI_COMMIT_TAG == null', 'true', 'true'],
    ['$CI_COMMIT_BRANCH =~ /^release\\/.*$/i', 'false', 'unknown'],
    ['$CI_COMMIT_BRANCH !~ /x/', 'true', 'unknown'],
    ['$SOMETHING', 'unknown', 'unknown'],
    ['$CI_MERGE_REQUEST_IID && $SOMETHING', 'unknown', 'false'],
    ['$CI_MERGE_REQUEST_IID || $SOMETHING', 'true', 'unknown'],
    ['$X == "1" || $CI_COMMIT_BRANCH && $Y == "2"', 'unknown', 'unknown'],
    [
      '($CI_PIPELINE_SOURCE == "push" || $CI_PIPELINE_SOURCE == "web") && ${CI_COMMIT_BRANCH}',
      'false',
      'true',
    ],
  ])('%s in a merge request is %s, on the default branch %s', (text, request, branch) => {
    expect(evaluate(text, mergeRequest)).toBe(request);
    expect(evaluate(text, defaultBranch)).toBe(branch);
  });

  it.each([['$A =='], ['($A'], ['$A $B'], ['a == b'], ['']])('%s is not read', (text) => {
    expect(parseCondition(text)).toBeUndefined();
  });

  it('of any text ends', () => {
    const part = fc.constantFrom('(', ')', '$A', '"x"', '/y/', '==', '=~', '&&', '||', 'null', ' ', '$', '/');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 400 }), (parts) => {
        parseCondition(parts.join(''));
      }),
    );
  });
});

describe('rules', () => {
  const clause = (text: string | undefined, when = 'on_success') => ({
    if: text === undefined ? undefined : parseCondition(text),
    uncertain: false,
    when,
  });
  const request = '$CI_PIPELINE_SOURCE == "merge_request_event"';

  it.each([
    [[clause(request)], 'true'],
    [[clause(request, 'never'), clause(undefined)], 'false'],
    [[clause('$X', 'never'), clause(undefined)], 'unknown'],
    [[clause('$X'), clause(request, 'never')], 'unknown'],
    [[clause('$CI_COMMIT_BRANCH')], 'false'],
    [[], 'false'],
  ])('%j', (clauses, truth) => {
    expect(evaluateRules({ kind: 'rules', clauses }, mergeRequest, 'true')).toBe(truth);
  });

  it('that are missing leave it to the platform', () => {
    expect(evaluateRules({ kind: 'none' }, mergeRequest, 'false')).toBe('false');
    const legacy = { kind: 'legacy', only: ['main'], except: [] } as const;
    expect(evaluateRules(legacy, mergeRequest, 'true')).toBe('false');
    expect(evaluateRules(legacy, defaultBranch, 'true')).toBe('unknown');
  });
});

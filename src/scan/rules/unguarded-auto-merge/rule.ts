import { evaluateGuard } from '#pipeline/guard.ts';
import type { Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { Rule } from '../../rule.ts';
import { inputOf } from '../../shared/foreign-code.ts';
import { openTriggers, outsiderIn } from '../../shared/job-authority.ts';

interface Consent {
  readonly span: Span;
  readonly what: string;
  readonly waits: boolean;
}

/** Actions that approve or merge, by their own description. */
const ACTIONS: Readonly<Record<string, string>> = {
  'hmarr/auto-approve-action': 'approves',
  'juliangruber/approve-pull-request-action': 'approves',
  'peter-evans/enable-pull-request-automerge': 'merges',
  'pascalgn/automerge-action': 'merges',
  'alexwilson/enable-github-automerge-action': 'merges',
  'fastify/github-action-merge-dependabot': 'merges',
  'ahmadnassri/action-dependabot-auto-merge': 'merges',
  'reitermarkus/automerge': 'merges',
};
/** These look for themselves who wrote the pull request. */
const CHECK_THEMSELVES = new Set([
  'fastify/github-action-merge-dependabot',
  'ahmadnassri/action-dependabot-auto-merge',
  'pascalgn/automerge-action',
]);
const COMMANDS = /\bgh\s+pr\s+(?:merge\b|review\b[^\n]{0,300}?(?:--approve|\s-a\b))(?:\\\n|[^\n])*/;
const CALLS =
  /\bpulls\.merge\s*\(|\bpulls\.createReview\s*\([^)]{0,500}\bAPPROVE\b|\benablePullRequestAutoMerge\b/;

function findConsent({ work }: Step): Consent | undefined {
  if (work.kind === 'script') {
    const match = COMMANDS.exec(work.text.value);
    if (match === null) return undefined;
    const what = /^gh\s+pr\s+merge/.test(match[0]) ? 'merges' : 'approves';
    return {
      span: work.text.span(match.index, match.index + match[0].length),
      what,
      waits: /\s--auto\b/.test(match[0]),
    };
  }
  if (work.kind !== 'action') return undefined;
  const { repository } = work.reference;
  if (repository === 'actions/github-script' && CALLS.test(inputOf(work, 'script') ?? '')) {
    return { span: work.text.node, what: 'approves or merges', waits: false };
  }
  if (!Object.hasOwn(ACTIONS, repository) || CHECK_THEMSELVES.has(repository)) return undefined;
  return { span: work.text.node, what: ACTIONS[repository] ?? 'merges', waits: false };
}

/** Somebody asks a step before whether this is a bot’s own pull request. */
const ASKS_METADATA = /\bsteps\.[\w-]+\.outputs\.(?:dependency-names|update-type|package-ecosystem)\b/;
const ASKS_IN_SCRIPT =
  /\b(?:author_association|getCollaboratorPermissionLevel|collaborators\/|user\.login|\.author\b)/;

function isChecked(step: Step): boolean {
  const texts = [step.guard?.text.value ?? '', step.job.guard?.text.value ?? ''];
  if (texts.some((text) => ASKS_METADATA.test(text))) return true;
  return step.job.steps
    .slice(0, step.index + 1)
    .some(({ work }) => work.kind === 'script' && ASKS_IN_SCRIPT.test(work.text.value));
}

/** A condition on the last actor’s name: what is wrong with it, another rule says to everybody. */
function trustsActorName(step: Step): boolean {
  const text = `${step.guard?.text.value ?? ''} ${step.job.guard?.text.value ?? ''}`;
  return /\bgithub\.(?:triggering_)?actor\b/.test(text);
}

export const rule: Rule = {
  id: 'unguarded-auto-merge',
  title: 'Pull requests of outsiders are approved or merged by a workflow',
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['github'],
  needs: ['merge', 'approve', 'review'],
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-441', 'CWE-862'], cis: ['1.1.3', '1.1.4'] },
  description:
    'Looks for steps that approve or merge a pull request under events that outsiders cause, without a condition on who wrote the pull request. The name of the last actor is no such condition; spoofable-bot-condition says why.',
  why: 'The workflow lends its rights to whoever makes it run: a bot pushes to a branch or comments because somebody asked it to, and the merge then takes whatever else the branch holds.',
  remedy:
    "Ask for the author and the repository: `if: github.event.pull_request.user.login == 'dependabot[bot]' && github.repository == github.event.pull_request.head.repo.full_name`, and leave the approval to a person.",
  references: [
    'https://docs.github.com/en/code-security/dependabot/working-with-dependabot/automating-dependabot-with-github-actions',
    'https://www.synacktiv.com/publications/github-actions-exploitation-dependabot',
  ],
  aliases: ['poutine/confused_deputy_auto_merge', 'sisakulint/dependabot-github-actions'],

  step(step, context) {
    if (step.job.pipeline.kind !== 'workflow') return;
    const consent = findConsent(step);
    if (consent === undefined || isChecked(step)) return;
    const trigger = openTriggers(step.job, context).find(
      ({ event }) =>
        /^(?:pull_request_target|workflow_run|issue_comment|issues)$/.test(event) &&
        evaluateGuard(step.guard, outsiderIn(event, context)) !== 'false',
    );
    if (trigger === undefined) return;
    context.report({
      at: consent.span,
      // The platform still waits for required checks and reviews.
      severity: consent.waits ? 'medium' : 'high',
      persona: trustsActorName(step) ? 'pedantic' : 'regular',
      message: `this ${consent.what} a pull request under ${trigger.event}, and no condition says whose it may be`,
      related: [{ at: trigger.node, label: 'anybody can cause this event' }],
    });
  },
};

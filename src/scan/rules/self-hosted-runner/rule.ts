import { pathOf, walkExpression } from '#pipeline/expression.ts';
import { evaluateJob } from '#pipeline/guard.ts';
import type { Job, Runner } from '#pipeline/model.ts';
import type { Text } from '#pipeline/text.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { hasMemberActivitiesOnly } from '../../shared/job-authority.ts';

/** Events that run what an outsider wrote, or at least start with what they wrote. */
function openTriggers(job: Job, context: RuleContext): Trigger[] {
  return job.pipeline.triggers.filter(
    (trigger) =>
      isOutsider(trigger.firedBy) &&
      (trigger.runs === 'merge' || trigger.event === 'pull_request_target') &&
      !hasMemberActivitiesOnly(trigger) &&
      evaluateJob(job, context.outsider(trigger.event)) !== 'false',
  );
}

const VALUES_MAX = 500;
const MATRIX = 'matrix.';
/** Machines of the platform, by the beginning of their names; larger ones are called so, too, as a rule. */
const HOSTED = /^(?:ubuntu|windows|macos)-/i;

/** What a label can be: itself, or each value of the matrix that it names; undefined where that is not in the file. */
function valuesOf(label: Text, job: Job): readonly string[] | undefined {
  if (label.isConstant) return [label.value];
  const paths = label.expressions.flatMap(({ parsed }) =>
    parsed.ok ? [...walkExpression(parsed.root)].map((node) => pathOf(node) ?? '') : [],
  );
  const names = new Set(
    paths.filter((path) => path.startsWith(MATRIX)).map((path) => path.slice(MATRIX.length)),
  );
  const values = job.matrix
    .slice(0, VALUES_MAX)
    .filter(({ name }) => names.has(name.toLowerCase()))
    .map(({ value }) => value);
  const isKnown = values.length > 0 && values.every((value) => value?.isConstant === true);
  return isKnown ? values.map((value) => value?.value ?? '') : undefined;
}

/** Whose machine it is. A name that says nothing can be a larger hosted machine, or one of their own. */
function hostingOf({ hosting, labels }: Runner, job: Job): Runner['hosting'] {
  if (hosting !== 'unknown') return hosting;
  const values = labels.map((label) => valuesOf(label, job));
  const known = values.flatMap((each) => each ?? []);
  if (known.some((value) => value.toLowerCase() === 'self-hosted')) return 'self-hosted';
  const isComplete = labels.length > 0 && !values.includes(undefined);
  return isComplete && known.every((value) => HOSTED.test(value)) ? 'hosted' : 'unknown';
}

export const rule: Rule = {
  id: 'self-hosted-runner',
  title: 'Outsiders reach a self-hosted runner',
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-7'], cwe: ['CWE-284', 'CWE-653'], cis: ['2.1.4', '2.2.6'] },
  description:
    'Looks for jobs on self-hosted runners that start on pull requests from forks, also where the matrix names the runner. Names that may be somebody’s own machine are for auditors.',
  why: 'In a public repository anybody can open a pull request, and its code runs on a machine of yours: it can stay there, wait for the next job with secrets, and look around in your network.',
  remedy:
    'Run pull requests on hosted runners, or on runners that are made for one job and thrown away; keep the self-hosted ones for events that only members cause.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#hardening-for-self-hosted-runners',
  ],
  incident: {
    name: 'PyTorch',
    date: '2023-08',
    what: 'A merged typo made its author a contributor, whose pull requests then ran without approval on self-hosted runners that had release credentials.',
  },
  aliases: [
    'zizmor/self-hosted-runner',
    'poutine/pr_runs_on_self_hosted',
    'codeql/actions/pr-on-self-hosted-runner',
  ],

  job(job, context) {
    const { runner } = job;
    const hosting = runner === undefined ? 'hosted' : hostingOf(runner, job);
    const [trigger] = hosting === 'hosted' ? [] : openTriggers(job, context);
    if (runner === undefined || trigger === undefined) return;
    const isOwn = hosting === 'self-hosted';
    context.report({
      at: runner.node,
      message: isOwn
        ? `${trigger.event} lets outsiders reach the self-hosted runner of the job ${job.id}`
        : `${trigger.event} lets outsiders reach the runner of the job ${job.id}, and nothing here says whose machine it is`,
      severity: isOwn ? 'high' : 'low',
      confidence: isOwn ? 'medium' : 'low',
      persona: isOwn ? 'regular' : 'auditor',
      related: [{ at: trigger.node, label: 'anybody can cause this event in a public repository' }],
    });
  },
};

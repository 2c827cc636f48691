import type { Job, Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { isForOtherServer } from '../../shared/other-servers.ts';

interface Breakout {
  readonly span: Span;
  readonly what: string;
}

const IN_SCRIPT: readonly (readonly [RegExp, string])[] = [
  [/\/var\/run\/docker\.sock|\/run\/docker\.sock/, 'hands the Docker socket on'],
  [/\bdocker\s+run\b[^\n]{0,200}?\s--privileged\b/, 'starts a privileged container'],
  [/\bdocker\s+run\b[^\n]{0,200}?\s(?:-v|--volume)[ =]\/:/, 'mounts the whole machine into a container'],
  [/169\.254\.169\.254|metadata\.google\.internal/, 'asks the metadata service of the machine'],
  [/(?:^|[\s;&|(])sudo\s+(?!-u\s+(?!root\b))/m, 'becomes root'],
];
const IN_CONTAINER: readonly (readonly [RegExp, string])[] = [
  [/docker\.sock/, 'gets the Docker socket'],
  [/--privileged\b/, 'is privileged'],
  [/--(?:pid|net|network)[ =]host\b/, 'shares the machine’s own namespaces'],
];

function findInStep({ work }: Step): Breakout | undefined {
  if (work.kind !== 'script') return undefined;
  for (const [pattern, what] of IN_SCRIPT) {
    const match = pattern.exec(work.text.value);
    if (match === null) continue;
    const start = match.index + match[0].length - match[0].trimStart().length;
    return { span: work.text.span(start, match.index + match[0].trimEnd().length), what };
  }
  return undefined;
}

function findInContainer(job: Job): Breakout | undefined {
  for (const image of [job.container, ...job.services]) {
    if (image === undefined) continue;
    const text = job.pipeline.source.slice(image.node);
    const found = IN_CONTAINER.find(([pattern]) => pattern.test(text));
    if (found !== undefined) return { span: image.node, what: `container ${found[1]}` };
  }
  return undefined;
}

function reportBreakout(breakout: Breakout, job: Job, context: RuleContext): void {
  context.report({
    at: breakout.span,
    message: `on the self-hosted runner of the job ${job.id} this ${breakout.what}, and so reaches the machine and what runs there next`,
    related: job.runner === undefined ? [] : [{ at: job.runner.node, label: 'a machine of your own' }],
  });
}

export const rule: Rule = {
  id: 'runner-breakout',
  title: 'A job takes over the self-hosted machine that it runs on',
  severity: 'medium',
  confidence: 'low',
  // Machines that are made for one job are not told from those that stay.
  persona: 'auditor',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7', 'CICD-SEC-5'], cwe: ['CWE-250', 'CWE-653'], cis: ['2.1.4', '2.2.1'] },
  description:
    'Looks for jobs on self-hosted runners that become root, use the Docker socket, start privileged containers, or ask the metadata service.',
  why: 'What a job changes as root stays on the machine. The next job there, of another branch or another repository, runs with what the first one left.',
  remedy:
    'Throw the runner away after each job, run its agent without root and without the Docker group, and build images with a builder that needs neither.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#hardening-for-self-hosted-runners',
  ],
  aliases: ['trajan/self-hosted-docker-socket', 'taudit/shared_self_hosted_pool'],

  job(job, context) {
    // Forgejo and Gitea have no machines of their own to lend: every runner is somebody's.
    const isOwn = isForOtherServer(job.pipeline) && job.runner !== undefined;
    if (job.runner?.hosting !== 'self-hosted' && !isOwn) return;
    const container = findInContainer(job);
    if (container !== undefined) reportBreakout(container, job, context);
    const [first] = job.steps.flatMap((step) => findInStep(step) ?? []);
    if (first !== undefined) reportBreakout(first, job, context);
  },
};

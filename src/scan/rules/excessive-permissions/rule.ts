import { effectivePermissions } from '#pipeline/permissions.ts';
import type { Job, Permissions, Pipeline } from '#pipeline/model.ts';
import type { Severity } from '#findings/severity.ts';
import type { FixDraft, Rule, RuleContext } from '../../rule.ts';
import { narrowJob, narrowWorkflow } from './narrow-permissions.ts';

/** What a stolen token with this scope does first. */
const WRITE_SEVERITY: Readonly<Record<string, Severity>> = {
  actions: 'high',
  attestations: 'high',
  contents: 'high',
  deployments: 'high',
  'id-token': 'high',
  packages: 'high',
  'repository-projects': 'medium',
  'security-events': 'medium',
  pages: 'high',
  checks: 'medium',
  discussions: 'medium',
  issues: 'high',
  'pull-requests': 'high',
  statuses: 'medium',
};

function isOnlyCalled(pipeline: Pipeline): boolean {
  return pipeline.triggers.length > 0 && pipeline.triggers.every(({ event }) => event === 'workflow_call');
}

function reportAll(
  permissions: Permissions,
  where: string,
  narrow: () => FixDraft | undefined,
  context: RuleContext,
): void {
  if (permissions.all !== 'read' && permissions.all !== 'write') return;
  const write = permissions.all === 'write';
  context.report({
    at: permissions.node,
    message: write
      ? `the token of ${where} can write everything`
      : `the token of ${where} can read everything, private packages and alerts too`,
    severity: write ? 'high' : 'medium',
    fixes: [narrow()],
  });
}

function reportScopes(pipeline: Pipeline, permissions: Permissions, context: RuleContext): void {
  // With one job there is nobody else to give it to.
  const single = pipeline.jobs.length === 1;
  if (!permissions.scopes.some(({ access }) => access === 'write')) return;
  const fixes = [narrowWorkflow(pipeline, context.repository)];
  for (const { name, access, node } of permissions.scopes) {
    if (access !== 'write') continue;
    context.report({
      at: node,
      message: `every job of this workflow can write ${name}`,
      severity: WRITE_SEVERITY[name] ?? 'medium',
      persona: single ? 'pedantic' : 'regular',
      remedy: `Move \`${name}: write\` to the permissions of the job that needs it.`,
      fixes,
    });
  }
}

function reportMissing(jobs: readonly Job[], pipeline: Pipeline, context: RuleContext): void {
  // The platform was asked, and gives no more than reading to who asks for nothing.
  if (context.repository.settings.tokenReadsByDefault === true) return;
  const without = jobs.filter((job) => effectivePermissions(job).from === 'default');
  const [first, ...rest] = without;
  if (first === undefined) return;
  const others = rest.length === 0 ? '' : ` and ${rest.length} more`;
  const dated = context.inForce('default-token-read-only')
    ? 'everything in repositories made before 2023'
    : 'everything';
  const shared = { severity: 'medium', confidence: 'medium' } as const;
  context.report({
    ...shared,
    at: first.key,
    message: `nothing says what the token of the job ${first.id}${others} may do: by default it can write ${dated}`,
    persona: isOnlyCalled(pipeline) ? 'pedantic' : 'regular',
    key: 'missing',
    fixes: [narrowWorkflow(pipeline, context.repository)],
  });
  // One block at the top mends all of them, so they are counted once; who wants each has each.
  for (const { id, key } of rest) {
    context.report({
      ...shared,
      at: key,
      message: `nor does anything say what the token of the job ${id} may do`,
      persona: 'pedantic',
    });
  }
}

export const rule: Rule = {
  id: 'excessive-permissions',
  title: 'The job’s token may do more than it needs',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-5'], cwe: ['CWE-250', 'CWE-732'], cis: ['2.3.5'] },
  description:
    'Looks for workflows without `permissions:`, with `write-all` or `read-all`, and with write scopes that all jobs share.',
  why: 'Whatever runs in a job, each action and each dependency included, can use the job’s token. What the token cannot do, a stolen one cannot do either.',
  remedy: 'Start the workflow with `permissions: {}` and give each job the scopes that it uses.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions',
  ],
  incident: {
    name: 'Ultralytics',
    date: '2024-12',
    what: 'A branch name that was run as a command had a token that could write, and poisoned the cache from which the release was built.',
  },
  aliases: [
    'zizmor/excessive-permissions',
    'scorecard/Token-Permissions',
    'checkov/CKV2_GHA_1',
    'poutine/default_permissions_on_risky_events',
  ],

  pipeline(pipeline, context) {
    if (pipeline.kind !== 'workflow') return;
    if (pipeline.permissions !== undefined) {
      const narrow = () => narrowWorkflow(pipeline, context.repository);
      reportAll(pipeline.permissions, 'every job', narrow, context);
      reportScopes(pipeline, pipeline.permissions, context);
    } else reportMissing(pipeline.jobs, pipeline, context);
  },
  job(job, context) {
    if (job.permissions === undefined) return;
    reportAll(job.permissions, `the job ${job.id}`, () => narrowJob(job, context.repository), context);
  },
};

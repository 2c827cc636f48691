import type { Access, Job, Permissions } from '#pipeline/model.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import type { Rule, RuleContext } from '../../rule.ts';

const RANKS: Readonly<Record<Access, number>> = { none: 0, read: 1, write: 2 };
const SHOWN_MAX = 3;
/** GitHub takes ten levels of calls. */
const NESTING_MAX = 10;

interface Excess {
  /** `contents: write`. */
  readonly wanted: string;
  readonly job: Job;
}

/** What a block asks for and its caller does not have, as `scope: access`. */
function findExcess(wanted: Permissions, caller: Job): string[] {
  const granted = effectivePermissions(caller);
  if (wanted.all !== undefined) {
    const all = granted.declared?.all;
    const enough = wanted.all === 'none' || (all !== undefined && RANKS[all] >= RANKS[wanted.all]);
    return enough ? [] : [`${wanted.all}-all`];
  }
  return wanted.scopes.flatMap(({ name, access }) => {
    const has = granted.access(name);
    return has !== 'unknown' && RANKS[access] > RANKS[has] ? [`${name}: ${access}`] : [];
  });
}

/**
 * The job whose block decides what the caller has: its own, or that of the only one that calls its workflow. Without
 * any block a setting decides, which no file shows.
 */
function findHolder(caller: Job, context: RuleContext): Job | undefined {
  let job: Job | undefined = caller;
  for (let depth = 0; job !== undefined && depth < NESTING_MAX; depth += 1) {
    if (effectivePermissions(job).declared !== undefined) return job;
    const sites = context.repository.callersOf(job.pipeline);
    const onlyCalled: boolean = job.pipeline.triggers.every(({ event }) => event === 'workflow_call');
    job = onlyCalled && sites.length === 1 ? sites[0]?.job : undefined;
  }
  return undefined;
}

function checkCall(caller: Job, context: RuleContext): void {
  const target = context.repository.resolveCall(caller);
  if (caller.call === undefined || target?.kind !== 'workflow') return;
  const holder = findHolder(caller, context);
  if (holder === undefined) return;
  const found: Excess[] = target.jobs.flatMap((job) => {
    const declared = job.permissions ?? target.permissions;
    return declared === undefined ? [] : findExcess(declared, holder).map((wanted) => ({ wanted, job }));
  });
  const [first] = found;
  if (first === undefined) return;
  const wanted = [...new Set(found.map((each) => each.wanted))];
  const more = wanted.length > SHOWN_MAX ? ' and more' : '';
  // What everybody can read anyway is refused in GitHub's own tests, and seen to pass in public repositories.
  const readOnly = wanted.every((each) => each.includes('read'));
  const node = first.job.permissions?.node ?? target.permissions?.node;
  context.report({
    at: caller.call.text.node,
    message: `${target.file.slice(0, 60)} wants ${wanted.slice(0, SHOWN_MAX).join(', ')}${more}, which the job ${caller.id.slice(0, 40)} has not to give: GitHub starts nothing`,
    ...(readOnly ? { severity: 'low', confidence: 'low', persona: 'pedantic' } : {}),
    related: node === undefined ? [] : [{ at: node, source: target.source, label: 'what it asks for' }],
    remedy: `Give \`permissions: { ${wanted.slice(0, SHOWN_MAX).join(', ')} }\` to the job ${caller.id.slice(0, 40)}, or ask for less in the called workflow.`,
    key: `${caller.id} ${wanted.join(' ')}`.slice(0, 200),
  });
}

export const rule: Rule = {
  id: 'refused-permissions',
  title: 'A called workflow asks for more than its caller has',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['workflows/'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description:
    'Looks for calls of workflows of the same repository whose jobs ask for permissions that the calling job does not have.',
  why: 'A called workflow can have less than its caller, and never more: GitHub refuses the whole run, and a check that does not run stops nobody. What then helps in a hurry is `write-all`.',
  remedy: 'Give the calling job what the called workflow asks for, scope by scope.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations',
  ],
  aliases: [],

  job(job, context) {
    checkCall(job, context);
  },
};

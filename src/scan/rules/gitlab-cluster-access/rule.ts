import type { ContentNode, YamlNode } from '#pipeline/yaml/node.ts';
import {
  asBoolean,
  asMapping,
  asScalar,
  findEntry,
  findValue,
  itemsOf,
  pairsOf,
} from '#pipeline/yaml/access.ts';
import type { Report, Rule } from '../../rule.ts';

/** With one of these the jobs are not the agent itself, and the cluster’s own rules decide. */
const OTHER_IDENTITIES = ['ci_job', 'ci_user', 'impersonate'];

function actsAsAgent(entry: YamlNode | undefined): boolean {
  const identity = findValue(entry, 'access_as');
  return !pairsOf(identity).some(([key]) => OTHER_IDENTITIES.includes(key.value));
}

function isLimited(entry: YamlNode | undefined): boolean {
  const environments = itemsOf(findValue(entry, 'environments')).flatMap(
    (each) => asScalar(each)?.value ?? [],
  );
  const named = environments.length > 0 && !environments.includes('*');
  return named || asBoolean(findValue(entry, 'protected_branches_only')) === true;
}

function* judgeEntries(access: ContentNode, of: 'groups' | 'projects'): Generator<Report> {
  for (const entry of itemsOf(findValue(access, of))) {
    const id = asScalar(findValue(entry, 'id'));
    if (id === undefined || asMapping(entry) === undefined || isLimited(entry)) continue;
    const name = id.value.slice(0, 80);
    const agent = actsAsAgent(entry);
    const who = of === 'groups' ? `every project of ${name}` : name;
    const what = agent ? 'everything that the agent may' : 'what the cluster lets its jobs do';
    const wide = of === 'groups' && agent;
    yield {
      at: id,
      message: `each branch of ${who} may do ${what}`,
      severity: wide ? 'high' : agent ? 'medium' : 'low',
      persona: wide ? 'regular' : 'pedantic',
      key: `${of} ${name}`,
    };
  }
}

function* judge(root: ContentNode): Generator<Report> {
  const access = findValue(root, 'ci_access');
  const content = asMapping(access);
  if (content === undefined) return;
  const instance = findEntry(content, 'instance');
  if (instance !== undefined && !isLimited(instance.value)) {
    yield {
      at: instance.key,
      message: 'each branch of every project of the whole instance reaches the cluster',
      severity: actsAsAgent(instance.value) ? 'critical' : 'medium',
      key: 'instance',
    };
  }
  yield* judgeEntries(content, 'groups');
  yield* judgeEntries(content, 'projects');
}

export const rule: Rule = {
  id: 'gitlab-cluster-access',
  title: 'Jobs of many projects act in a cluster with all rights of the agent',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-2', 'CICD-SEC-5'], cwe: ['CWE-269', 'CWE-284'], cis: ['5.2.3'] },
  description:
    'Looks for `ci_access` in the configuration of GitLab agents (`.gitlab/agents/<name>/config.yaml`) that lets groups, the instance or projects in without `access_as`, `environments` or `protected_branches_only`.',
  why: 'Without `access_as` a job is the agent, which most often is an administrator of the cluster. Whoever may push any branch to any of those projects then controls the cluster.',
  remedy:
    'Name single projects, and write for each `protected_branches_only: true`, `environments: [production]` and `access_as: { ci_job: {} }` with roles in the cluster for what the jobs need.',
  references: ['https://docs.gitlab.com/user/clusters/agent/ci_cd_workflow/'],
  aliases: [],

  configuration({ kind, node }, context) {
    if (kind !== 'cluster-agent') return;
    for (const report of judge(node)) context.report(report);
  },
};

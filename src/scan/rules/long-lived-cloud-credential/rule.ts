import type { Job, Variable } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { type SecretUse, secretsIn } from '../../shared/secret-use.ts';
import { type Cloud, findCloud } from './clouds.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { reportInGitlab } from './gitlab.ts';
import { reportOnSurfaces } from './surface.ts';

interface StaticKey {
  readonly cloud: Cloud;
  readonly use: SecretUse;
}

function keysIn(variables: readonly Variable[], action?: string): StaticKey[] {
  // With an address of its own the store only speaks like that of AWS.
  const elsewhere = variables.some(({ name }) => /endpoint/i.test(name));
  return variables.flatMap(({ name, value }) =>
    secretsIn(value).flatMap((use) => {
      const cloud = findCloud(name, use.name, action);
      return cloud === undefined || (elsewhere && cloud.name === 'AWS') ? [] : [{ cloud, use }];
    }),
  );
}

function keysOf(job: Job): StaticKey[] {
  const inSteps = job.steps.flatMap(({ env, work }) => {
    if (work.kind === 'action') {
      return [...keysIn(env), ...keysIn(work.inputs, work.reference.repository)];
    }
    if (work.kind !== 'script') return keysIn(env);
    const inScript = secretsIn(work.text).flatMap((use) => {
      const cloud = findCloud('', use.name, undefined);
      return cloud === undefined ? [] : [{ cloud, use }];
    });
    return [...keysIn(env), ...inScript];
  });
  return [
    ...keysIn(job.env),
    ...inSteps,
    ...keysIn(job.call?.inputs ?? []),
    ...keysIn(job.call?.secrets ?? []),
  ];
}

/** One finding for each cloud, with every place: they go away together. */
function reportEach(keys: readonly StaticKey[], where: string, context: RuleContext): void {
  for (const [cloud, found] of Map.groupBy(keys, ({ cloud }) => cloud)) {
    const [first, ...others] = found;
    if (first === undefined) continue;
    const name = first.use.name === '' ? 'a secret' : first.use.name;
    context.report({
      at: first.use.span,
      message: `${where} uses a long-lived credential of ${cloud.name} (${name})`,
      remedy: `Instead of the stored key, ${cloud.instead}. \`vouchgate inspect federation\` writes the patch and the other side. \`vouchgate run\` does the same for what has no such action: a policy decides, the credential lives for minutes, and each one is recorded.`,
      related: others.slice(0, 5).map(({ use }) => ({ at: use.span, label: 'and here' })),
      key: cloud.name,
    });
  }
}

export const rule: Rule = {
  id: 'long-lived-cloud-credential',
  title: 'A job uses a cloud key that never ends',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github', 'gitlab', ...surfacePlatforms],
  needs: ['secrets'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-6', 'CICD-SEC-2'], cwe: ['CWE-798', 'CWE-262'], cis: ['2.3.8', '4.2.3'] },
  description:
    'Looks for stored keys of AWS, Google Cloud, Azure, Kubernetes and Vault where the identity of the run could be used.',
  why: 'A stored key works from everywhere, for everybody who saw it once, until somebody remembers to change it. A credential that is issued for the run’s own identity ends with it, and the cloud can tell which repository, branch and environment asked.',
  remedy:
    'Let the cloud trust the identity tokens of this repository, and delete the key: `vouchgate inspect federation` writes both sides. `vouchgate run` issues short-lived credentials where a policy allows it.',
  references: ['https://docs.github.com/en/actions/concepts/security/openid-connect'],
  incident: {
    name: 'CircleCI',
    date: '2023-01',
    what: 'The secrets of all customers were taken from the service, and each stored cloud key had to be found and changed by hand.',
  },
  aliases: ['taudit/long_lived_credential', 'taudit/long_lived_secret_without_oidc_recommendation'],

  repository(repository, context) {
    reportInGitlab(repository, context);
    reportOnSurfaces(repository, context);
  },
  pipeline({ env, platform }, context) {
    if (platform !== 'github') return;
    reportEach(keysIn(env), 'this workflow', context);
  },
  job(job, context) {
    if (job.pipeline.platform !== 'github') return;
    reportEach(keysOf(job), `the job ${job.id}`, context);
  },
};

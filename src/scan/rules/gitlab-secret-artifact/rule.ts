import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';

/** Files that hold secrets by what they are; examples and public halves are none. */
const SECRET_FILES: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)\.env(?:\.(?!example|sample|template|dist|test)[\w-]+)?$/, 'environment variables'],
  [/(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|[\w-]*private[\w-]*\.(?:pem|key))$/, 'a private key'],
  [/\.(?:p12|pfx|jks|keystore)$/, 'a key store'],
  [
    /(?:^|\/)(?:\.?kube\/config|\.?kubeconfig(?:\.ya?ml)?|kube[-_]?config[\w-]*(?:\.ya?ml)?)$/,
    'access to a cluster',
  ],
  [
    /(?:^|\/)(?:terraform\.tfstate|[\w-]+\.tfstate)(?:\.backup)?$/,
    'the state of Terraform, with its secrets',
  ],
  [
    /(?:^|\/)(?:\.npmrc|\.pypirc|\.netrc|\.git-credentials|\.docker\/config\.json|\.aws\/credentials)$/,
    'stored logins',
  ],
  [/(?:^|\/)(?:\.git|\.git\/config|\.git\/?\*{0,2})$/, 'the configuration of Git, with tokens in addresses'],
  [/(?:^|\/)\.?vault[-_]token$/, 'a token of Vault'],
];

function describe(path: string): string | undefined {
  const file = path.replace(/\/$/, '');
  return SECRET_FILES.find(([pattern]) => pattern.test(file))?.[1];
}

function findKept(job: GitlabJob): { readonly text: Text; readonly what: string }[] {
  const { artifacts } = job;
  if (artifacts === undefined || artifacts.access === 'none') return [];
  return artifacts.paths.flatMap((text) => {
    const what = describe(text.value.slice(0, 500));
    return what === undefined || artifacts.excludes.includes(text.value) ? [] : [{ text, what }];
  });
}

export const rule: Rule = {
  id: 'gitlab-secret-artifact',
  title: 'A file with secrets is kept as an artifact',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-200', 'CWE-552'], cis: ['2.4.2'] },
  description:
    'Looks for `artifacts:paths` that name private keys, key stores, `.env`, kubeconfigs, states of Terraform, stored logins or the folder `.git`.',
  why: 'Whoever can see the job downloads its artifacts, in a public project with public pipelines everybody, for as long as they are kept. Nothing in an artifact is masked.',
  remedy:
    'Let the later job get the secret itself. Where a file must go from job to job, `artifacts: { access: none }` keeps people from downloading it, and `expire_in: 1 hour` ends it.',
  references: [
    'https://docs.gitlab.com/ci/yaml/#artifactsaccess',
    'https://docs.gitlab.com/ci/jobs/job_artifacts/',
  ],
  aliases: [],

  repository(repository, context) {
    const found = gitlabJobs(repository).flatMap((job) =>
      findKept(job).map(({ text, what }) => ({ job, text, what, source: text.source, span: text.node })),
    );
    for (const { job, text, what, source, span } of distinctPlaces(found, (each) => each)) {
      const open = job.artifacts?.access === 'all';
      context.reportIn(source, {
        at: span,
        message: `"${job.id.slice(0, 50)}" keeps ${text.value.slice(0, 60)} as an artifact: ${what}`,
        severity: open ? 'medium' : 'low',
        key: text.value,
      });
    }
  },
};

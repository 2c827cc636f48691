import { memoize } from '#pipeline/memoize.ts';
import type { ActionUse, Job, Step } from '#pipeline/model.ts';
import { effectivePermissions, writableScopes } from '#pipeline/permissions.ts';
import type { CredentialUse } from '#pipeline/surface.ts';
import type { Text } from '#pipeline/text.ts';
import { type SecretUse, secretsIn, textsOfJob, textsOfStep } from './secret-use.ts';

/** Actions that become somebody at a cloud, and the inputs that say who. */
const ROLES: Readonly<Record<string, readonly (readonly [input: string, what: string])[]>> = {
  'aws-actions/configure-aws-credentials': [['role-to-assume', 'AWS role']],
  'google-github-actions/auth': [
    ['service_account', 'Google service account'],
    ['workload_identity_provider', 'Google identity provider'],
  ],
  'azure/login': [['client-id', 'Azure application']],
  'hashicorp/vault-action': [['role', 'Vault role']],
  'jfrog/setup-jfrog-cli': [['oidc-provider-name', 'JFrog provider']],
};
const STEPS_MAX = 500;
/** Of the whole file, which each job has again. */
const VARIABLES_MAX = 200;
const NAME_CHARACTERS_MAX = 120;

/** A credential, and the step that alone has it. */
export interface JobCredential {
  readonly use: CredentialUse;
  readonly step: Step | undefined;
}

function inputOf(use: ActionUse, name: string): Text | undefined {
  return use.inputs.find((each) => each.name.toLowerCase() === name)?.value;
}

/** What stands between `${{` and `}}` when nothing else does: `vars.ROLE`. */
function nameOf({ value }: Text): string {
  const inner = /^\s{0,20}\$\{\{([^{}]{1,200})\}\}\s{0,20}$/.exec(value.slice(0, 300))?.[1];
  return (inner ?? value).replaceAll(/\s+/g, ' ').trim().slice(0, NAME_CHARACTERS_MAX);
}

function rolesOfStep(step: Step): JobCredential[] {
  const { work, job } = step;
  if (work.kind !== 'action' || !Object.hasOwn(ROLES, work.reference.repository)) return [];
  for (const [input, what] of ROLES[work.reference.repository] ?? []) {
    const text = inputOf(work, input);
    if (text === undefined || text.value.trim() === '') continue;
    const place = { source: job.pipeline.source, span: text.node };
    return [
      { use: { kind: 'identity-token', name: `${what} ${nameOf(text)}`, scope: 'step', ...place }, step },
    ];
  }
  return [];
}

function toUse(use: SecretUse, scope: CredentialUse['scope'], job: Job): CredentialUse {
  const name = use.kind === 'named' ? use.name : use.kind === 'all' ? 'every secret' : 'a computed secret';
  return { kind: 'secret', name, scope, source: job.pipeline.source, span: use.span };
}

function ownToken(job: Job): JobCredential[] {
  const declared = effectivePermissions(job).declared;
  const scopes = writableScopes(job).filter((scope) => scope !== 'id-token');
  if (declared === undefined || scopes.length === 0) return [];
  const name = scopes.includes('*')
    ? 'GITHUB_TOKEN that can write everything'
    : `GITHUB_TOKEN (${scopes.join(', ')})`;
  const place = { source: job.pipeline.source, span: declared.node };
  return [{ use: { kind: 'platform-token', name, scope: 'job', ...place }, step: undefined }];
}

function inherited(job: Job): JobCredential[] {
  const node = job.call?.inheritsSecrets;
  if (node === undefined) return [];
  const place = { source: job.pipeline.source, span: node };
  return [{ use: { kind: 'secret', name: 'every secret', scope: 'job', ...place }, step: undefined }];
}

function findCredentials(job: Job): readonly JobCredential[] {
  const shared = job.pipeline.env.slice(0, VARIABLES_MAX).flatMap(({ value }) => secretsIn(value));
  const steps = job.steps.slice(0, STEPS_MAX);
  return [
    ...shared.map((use) => ({ use: toUse(use, 'pipeline', job), step: undefined })),
    ...textsOfJob(job)
      .flatMap(secretsIn)
      .map((use) => ({ use: toUse(use, 'job', job), step: undefined })),
    ...steps.flatMap((step) => [
      ...rolesOfStep(step),
      ...textsOfStep(step)
        .flatMap(secretsIn)
        .map((use) => ({ use: toUse(use, 'step', job), step })),
    ]),
    ...inherited(job),
    ...ownToken(job),
  ];
}

/** What a job of GitHub holds, with the step that holds it. */
export const githubCredentials = memoize(findCredentials);

import type { Binding } from '../bind/binding.ts';
import { issuerOf } from '../bind/subjects.ts';
import type { RepositoryIdentity } from '../bind/repository-identity.ts';
import type { Resource } from './resource.ts';

/** One resource with everybody who may have it. */
export interface GuardedResource {
  readonly resource: Resource;
  readonly bindings: readonly [Binding, ...Binding[]];
}

const PROVIDERS = {
  aws: '  aws:\n    type: aws-sts\n    region: eu-central-1\n',
  database:
    '  database:\n    type: postgres\n    host: db.example.internal\n    database: app\n    adminUser: vouchgate\n    adminPassword: { sealed: vouchgate-database }\n    ssl: { mode: verify-full }\n',
  token: '  identity:\n    type: oidc-token\n',
  sealed: '  sealed:\n    type: sealed-secret\n',
} as const;

/** Whom the other side lets in: a policy of Vouchgate has decided before who may be it. */
export const subjectOfToken = (name: string): string => `ci:${name}`;

function renderResource({
  resource: { name, provider, secret, variable, audience },
}: GuardedResource): string {
  const parameters = {
    aws: `      roleArn: arn:aws:iam::111122223333:role/ci-${name}\n`,
    database: '      memberOf: [app]\n      databaseUrl: true\n',
    token: `      audience: ${audience}\n      subject: ${JSON.stringify(subjectOfToken(name))}\n`,
    sealed: `      secret: ${secret}\n      environment: ${variable}\n`,
  }[provider];
  const environment = provider === 'database' ? `    environment: { ${variable}: url }\n` : '';
  const called = provider === 'token' ? 'identity' : provider;
  return `  ${name}:\n    credentialProvider: ${called}\n    privileged: true\n    ttl: 15m\n${environment}    parameters:\n${parameters}`;
}

/** Which claim is which attribute (JSON pointers, RFC 6901); where the code comes from tells a fork from the project. */
const CIRCLECI_ATTRIBUTES = `    attributes:
      org.id: /oidc.circleci.com~1org-id
      project.id: /oidc.circleci.com~1project-id
      project.path: /oidc.circleci.com~1vcs-origin
      ref.full: /oidc.circleci.com~1vcs-ref
      run.id: /oidc.circleci.com~1job-id
      interactive: /oidc.circleci.com~1ssh-rerun
    immutable: [org.id, project.id]
`;

function renderIssuers(binding: Binding, identity: RepositoryIdentity): string {
  if (binding.platform === 'gitlab')
    return `  gitlab:\n    type: gitlab-ci\n    issuer: ${issuerOf(binding, identity)}\n`;
  if (binding.platform === 'circleci')
    return `  circleci:\n    type: oidc\n    issuer: ${issuerOf(binding, identity)}\n${CIRCLECI_ATTRIBUTES}`;
  if (binding.platform !== 'github') return '';
  const issuer = identity.host === 'https://github.com' ? '' : `    issuer: ${issuerOf(binding, identity)}\n`;
  return `  github:\n    type: github-actions\n${issuer}    required: { repository_owner_id: "${identity.ownerId}" }\n`;
}

/** A whole `vouchgate.yaml`, to start with or to take over from. */
export function renderConfiguration(
  guarded: readonly GuardedResource[],
  identity: RepositoryIdentity,
): string {
  const bindings = new Map(guarded.flatMap((each) => each.bindings).map((each) => [each.platform, each]));
  const providers = [...new Set(guarded.map(({ resource }) => resource.provider))].toSorted();
  return [
    'version: 1\nurl: https://vouchgate.example.com\nidentityProviders:\n',
    ...[...bindings.values()].map((binding) => renderIssuers(binding, identity)),
    'credentialProviders:\n',
    ...providers.map((provider) => PROVIDERS[provider]),
    'resources:\n',
    ...guarded.map(renderResource),
  ].join('');
}

const cedarText = (text: string): string => JSON.stringify(text);
const cedarList = (texts: readonly string[]): string => `[${texts.map(cedarText).join(', ')}]`;

function conditionsOf(
  { platform, environment, refs, events }: Binding,
  { host, owner, name }: RepositoryIdentity,
): string[] {
  const conditions: string[] = [];
  if (environment !== undefined)
    conditions.push(`principal has environment && principal.environment.name == ${cedarText(environment)}`);
  if (refs.length === 1)
    conditions.push(`principal has ref.full && principal.ref.full == ${cedarText(refs[0] ?? '')}`);
  if (refs.length > 1)
    conditions.push(`principal has ref.full && ${cedarList(refs)}.contains(principal.ref.full)`);
  if (platform === 'gitlab') conditions.push('principal has ref.protected && principal.ref.protected');
  if (platform === 'circleci')
    return [
      ...conditions,
      `principal has project.path && principal.project.path == ${cedarText(`${host.slice(8)}/${owner}/${name}`)}`,
      'principal has interactive && !principal.interactive',
    ];
  conditions.push(`principal has trigger && ${cedarList(events)}.contains(principal.trigger)`);
  return conditions;
}

/** Who may have one resource: this project, its environment or branch, and what started the run. Nobody else. */
export function renderPolicy(
  { resource: { name }, bindings }: GuardedResource,
  identity: RepositoryIdentity,
): string {
  const distinct = [
    ...new Map(bindings.map((each) => [JSON.stringify(conditionsOf(each, identity)), each])).values(),
  ];
  return distinct
    .map(
      (binding, index) => `@id(${cedarText(distinct.length === 1 ? name : `${name}-${index + 1}`)})
permit (
  principal in Project::${cedarText(`${binding.platform}/${identity.repositoryId}`)},
  action == Action::"issue",
  resource == Resource::${cedarText(name)}
) when {
  ${conditionsOf(binding, identity).join(' &&\n  ')}
};
`,
    )
    .join('\n');
}

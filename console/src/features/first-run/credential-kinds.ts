export interface CredentialKind {
  readonly label: string;
  readonly says: string;
  /** Name of the resource that is offered. */
  readonly resource: string;
  /** Entry below `credentialProviders`. */
  readonly provider: readonly string[];
  /** What stands below the name of the resource. */
  readonly settings: readonly string[];
  /** What has to be done elsewhere first. */
  readonly before: string;
}

export const credentialKinds = {
  'oidc-token': {
    label: 'A token for your own service',
    says: 'Signed by Vouchgate, for everything that trusts an OpenID issuer. Nothing to set up: the quickest first job.',
    resource: 'first-token',
    provider: ['own:', '  type: oidc-token'],
    settings: ['credentialProvider: own', 'ttl: 10m', 'parameters: { audience: https://service.example }'],
    before: 'Nothing to prepare. Put the audience of your service in place of service.example.',
  },
  'aws-sts': {
    label: 'AWS',
    says: 'A session of an IAM role, without a key of AWS anywhere.',
    resource: 'deploy-role',
    provider: ['aws:', '  type: aws-sts', '  region: eu-central-1'],
    settings: [
      'credentialProvider: aws',
      'privileged: true',
      'parameters: { roleArn: "arn:aws:iam::111122223333:role/deploy" }',
    ],
    before:
      'First: the role has to trust this server as an OpenID provider; docs/guides/aws.md has its trust policy.',
  },
  postgres: {
    label: 'PostgreSQL',
    says: 'A role of its own for each job, dropped when the job ends.',
    resource: 'shop-db',
    provider: [
      'main-postgres:',
      '  type: postgres',
      '  host: db.example.com',
      '  database: shop',
      '  adminUser: vouchgate',
      '  adminPassword: { file: /run/secrets/pg-admin }',
    ],
    settings: [
      'credentialProvider: main-postgres',
      'privileged: true',
      'ttl: 15m',
      'parameters: { memberOf: [ci_deploy] }',
    ],
    before:
      'First: a group role with the rights, and a login that may hand it out; docs/guides/postgres.md has both.',
  },
  'sealed-secret': {
    label: 'Something that knows only a secret',
    says: 'An API key or password, sealed here and handed out under policy. Better than in the platform, and counted as debt.',
    resource: 'legacy-api',
    provider: ['sealed:', '  type: sealed-secret'],
    settings: [
      'credentialProvider: sealed',
      'ttl: 15m',
      'parameters: { secret: legacy-api, environment: API_KEY }',
    ],
    before: 'First store the value: npx vouchgate secret set legacy-api',
  },
} as const satisfies Record<string, CredentialKind>;

export type CredentialKindId = keyof typeof credentialKinds;
export const credentialKindIds = Object.keys(credentialKinds) as CredentialKindId[];

export function credentialKindOf(id: CredentialKindId): CredentialKind {
  return credentialKinds[id];
}

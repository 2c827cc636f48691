import type { DemoSections } from '../demo-configuration.ts';
import { peopleSection } from './company-staff.ts';
import { type CompanyRepository, companyRepositories } from './company-repositories.ts';

/** What the installation of the company depends on. */
export interface CompanySite {
  readonly url: string;
  readonly githubIssuer: string;
  readonly gitlabIssuer: string;
  /** Where people sign in. */
  readonly peopleIssuer: string;
  /** Bare repositories, `owner/name.git`. */
  readonly mirror: string;
  /** Where the copy of the record goes. */
  readonly archive: string;
  /** Sections that the demo adds: a database to reach, and who may. */
  readonly extra?: DemoSections;
}

/** How the configuration changes while the company is played, and when. */
export const configurationChanges: readonly { readonly share: number; readonly why: string }[] = [
  { share: 0, why: 'as it began' },
  { share: 0.25, why: 'payments goes to inspected pipelines only' },
  { share: 0.55, why: 'apps are signed on main and on tags only' },
  { share: 0.7, why: 'a slip of the pen' },
  { share: 0.702, why: 'the slip is mended' },
];
const INSPECTED_FROM = 1;
const TIGHTENED_FROM = 2;
const SLIP_AT = 3;

interface Permit {
  readonly repository: string;
  readonly resource: string;
  readonly when: readonly string[];
  readonly allow?: string;
}

const ON_MAIN = 'principal has ref.full && principal.ref.full == "refs/heads/main"';
const BY_PUSH = 'principal has trigger && principal.trigger == "push"';
const BY_SCHEDULE = 'principal has trigger && principal.trigger == "schedule"';
const INSPECTED = 'context has posture && context.posture.grade == "pass"';
const inEnvironment = (name: string): string =>
  `principal has environment && principal.environment.name == "${name}"`;
const triggeredBy = (name: string): string => `principal has trigger && principal.trigger == "${name}"`;

const SERVICES = ['shop', 'payments', 'notifications', 'billing', 'fraud-detection', 'search'];

function permitsOf(version: number): readonly Permit[] {
  const inspected = version >= INSPECTED_FROM ? [INSPECTED] : [];
  const services = SERVICES.flatMap((service) =>
    ['staging', 'production'].map((environment) => ({
      repository: `acme/${service}`,
      resource: `${service}-${environment}`,
      when: [
        ON_MAIN,
        BY_PUSH,
        inEnvironment(environment),
        ...(service === 'payments' && environment === 'production' ? inspected : []),
      ],
    })),
  );
  const signed =
    version >= TIGHTENED_FROM
      ? [
          'principal has ref.full && (principal.ref.full == "refs/heads/main" || principal.ref.full like "refs/tags/v*")',
        ]
      : [];
  return [
    ...services,
    { repository: 'acme/shop', resource: 'shop-preview', when: [inEnvironment('preview')] },
    {
      repository: 'acme/payments',
      resource: 'payments-preview',
      when: [inEnvironment('preview'), triggeredBy('pull_request'), ...inspected],
    },
    { repository: 'acme/payments', resource: 'partner-sftp', when: [ON_MAIN, BY_SCHEDULE] },
    { repository: 'acme/infrastructure', resource: 'infrastructure-plan', when: ['principal has trigger'] },
    {
      repository: 'acme/infrastructure',
      resource: 'infrastructure-apply',
      when: [ON_MAIN, BY_PUSH, inEnvironment('production')],
    },
    {
      repository: 'acme/mobile',
      resource: 'app-signing',
      when: [BY_PUSH, 'principal has environment', ...signed],
    },
    {
      repository: 'acme/mobile',
      resource: 'app-store',
      when: [
        BY_PUSH,
        inEnvironment('production'),
        'principal has ref.full && principal.ref.full like "refs/tags/v*"',
      ],
    },
    {
      repository: 'acme/design-system',
      resource: 'package-publish',
      when: [triggeredBy('release'), inEnvironment('packages')],
    },
    { repository: 'acme/docs', resource: 'docs-bucket', when: [ON_MAIN, BY_PUSH] },
    {
      repository: 'acme/data-warehouse',
      resource: 'warehouse-load',
      when: [ON_MAIN, inEnvironment('production')],
    },
    { repository: 'acme/data-warehouse', resource: 'warehouse-read', when: [BY_PUSH] },
    { repository: 'acme/machine-learning', resource: 'warehouse-read', when: ['principal has trigger'] },
    { repository: 'acme/machine-learning', resource: 'training-cluster', when: [ON_MAIN, BY_SCHEDULE] },
  ];
}

const PRIVILEGED = /-(?:production|apply|load|preview)$|^(?:app-|package-publish)/;
const SEALED: Readonly<Record<string, { readonly secret: string; readonly variable: string }>> = {
  'partner-sftp': { secret: 'partner-sftp-password', variable: 'SFTP_PASSWORD' },
  'app-store': { secret: 'app-store-key', variable: 'APP_STORE_KEY' },
};
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'package-mirror': 'Packages of the open source world, checked',
  'container-registry': 'Where images are kept',
  'shop-production': 'The shop that customers see',
  'payments-production': 'Takes the money',
  'infrastructure-apply': 'Changes every account of the company',
  'partner-sftp': 'The bank takes files and a password, nothing else',
  'app-store': 'Submits the apps',
  'warehouse-load': 'Writes what analysts read',
};

function resourceText(name: string): string {
  const sealed = SEALED[name];
  const [team = ''] = name.split('-');
  const lines = [
    `  ${name}:`,
    `    credentialProvider: ${sealed === undefined ? 'tokens' : 'sealed'}`,
    ...(DESCRIPTIONS[name] === undefined ? [] : [`    description: ${DESCRIPTIONS[name]}`]),
    ...(PRIVILEGED.test(name) ? ['    privileged: true'] : []),
    `    tags: { team: ${team} }`,
    sealed === undefined
      ? `    parameters: { audience: "https://${name}.acme.example" }`
      : `    parameters: { secret: ${sealed.secret}, environment: ${sealed.variable} }`,
  ];
  return `${lines.join('\n')}\n`;
}

const COMMON = ['package-mirror', 'container-registry'];
/** Nobody has asked for it since it was made. */
const UNUSED = 'legacy-backup';

function yamlOf(site: CompanySite, version: number): string {
  const names = [...new Set([...COMMON, UNUSED, ...permitsOf(version).map(({ resource }) => resource)])];
  const resources = names.map(resourceText).join('');
  const slip =
    version === SLIP_AT
      ? '  reporting: { credentialProvider: token, parameters: { audience: reporting } }\n'
      : '';
  const hosts = [site.githubIssuer, site.gitlabIssuer, site.peopleIssuer].map(
    (issuer) => new URL(issuer).host,
  );
  return `version: 1
url: ${site.url}
identityProviders:
  github: # a local issuer that signs what GitHub would sign
    type: github-actions
    issuer: ${site.githubIssuer}
  gitlab: # and one that signs what GitLab would
    type: gitlab-ci
    issuer: ${site.gitlabIssuer}
credentialProviders:
  tokens: { type: oidc-token }
  sealed: { type: sealed-secret }
${site.extra?.credentialProviders ?? ''}resources:
${resources}${slip}${site.extra?.resources ?? ''}posture:
  timeout: 20s
  suppressions: none
  sources:
    github: { type: mirror, folder: ${JSON.stringify(site.mirror)} }
    gitlab: { type: mirror, folder: ${JSON.stringify(site.mirror)} }
findings:
  mirror: ${JSON.stringify(site.mirror)}
${peopleSection(site.peopleIssuer)}sinks:
  archive: { type: file, path: ${JSON.stringify(site.archive)} }
network:
  allowPrivateHosts: ${JSON.stringify(hosts)}
`;
}

function projectOf(name: string): { entity: string; repository: CompanyRepository | undefined } {
  const repository = companyRepositories.find((each) => each.name === name);
  return { entity: `Project::"${repository?.platform ?? 'github'}/${repository?.id ?? ''}"`, repository };
}

function permitText({ repository, resource, when }: Permit): string {
  const [, name = ''] = repository.split('/');
  return `@id("${name}-has-${resource}")
permit (
  principal in ${projectOf(repository).entity}, // ${repository}
  action == Action::"issue",
  resource == Resource::"${resource}"
) when {
  ${when.join(' &&\n  ')}
};
`;
}

/** Everybody of the company may have what is in `COMMON`: images only by a push. */
function commonText(): string {
  return companyRepositories
    .flatMap((repository) =>
      COMMON.filter((resource) => repository.jobs.some((job) => job.resources.includes(resource))).map(
        (resource) =>
          permitText({
            repository: repository.name,
            resource,
            when: resource === 'container-registry' ? [ON_MAIN, BY_PUSH] : ['principal has trigger'],
          }),
      ),
    )
    .join('\n');
}

const GUARDS = `@id("nobody-on-a-shell")
forbid (principal, action, resource)
when { principal has interactive && principal.interactive };
`;
/** Our findings stop a pipeline; of other tools', only what is critical, and what they found in the code warns. */
const GATE = `version: 1
rules:
  - name: nothing critical
    action: block
    when: { severity: critical }
  - name: no way in
    action: block
    when: { severity: high, confidence: medium, tools: [vouchgate] }
  - name: known, and followed in the list of findings
    action: warn
    when: { severity: medium, tools: [vouchgate] }
`;

/** The files of the configuration as they were at that version. */
export function companyConfiguration(site: CompanySite, version: number): Record<string, string> {
  const permits = Map.groupBy(permitsOf(version), ({ repository }) => repository.split('/')[1] ?? '');
  const files = [...permits].map(([name, ofRepository]) => [
    `policies/${name}.cedar`,
    ofRepository.map(permitText).join('\n'),
  ]);
  return {
    'vouchgate.yaml': yamlOf(site, version),
    'vouchgate.policy.yaml': GATE,
    'policies/everybody.cedar': commonText(),
    'policies/guards.cedar': GUARDS,
    ...Object.fromEntries(files),
    ...site.extra?.policies,
  };
}

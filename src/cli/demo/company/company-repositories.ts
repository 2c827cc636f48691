/** What one job of a pipeline asks for, and when it runs. */
export interface CompanyJob {
  /** Name of its definition among the files of the repository. */
  readonly workflow: string;
  /** `deploy`: after a share of the pushes. `hourly` and `nightly` run on the default branch by schedule. */
  readonly on: 'push' | 'deploy' | 'pull-request' | 'hourly' | 'nightly' | 'release';
  readonly environment?: string;
  readonly resources: readonly string[];
  /** From this share of the time on it runs under `pull_request_target`: with the rights of the default branch. */
  readonly targetFromShare?: number;
  /** How long it runs, and holds what it got. */
  readonly minutes: number;
}

export interface CompanyRepository {
  readonly platform: 'github' | 'gitlab';
  readonly name: string;
  /** As the platform numbers it. */
  readonly id: string;
  readonly team: string;
  readonly people: readonly [string, ...string[]];
  readonly pushesPerDay: number;
  readonly pullRequestsPerDay: number;
  /** Share of the pushes that go on to production. */
  readonly deployShare: number;
  readonly jobs: readonly CompanyJob[];
}

/** When the preview of the shop became a way in. */
export const PREVIEW_OPENED_AT_SHARE = 0.2;

/** The shop's database: only where the demo has one to reach. */
export const DATABASE_RESOURCE = 'shop-db';

const MIRROR = ['package-mirror'];
const BUILD = ['package-mirror', 'container-registry'];

function service(name: string, workflow: string, minutes: number): readonly CompanyJob[] {
  return [
    { workflow, on: 'push', resources: BUILD, minutes },
    { workflow, on: 'push', environment: 'staging', resources: [`${name}-staging`], minutes: 4 },
    { workflow, on: 'deploy', environment: 'production', resources: [`${name}-production`], minutes: 6 },
    { workflow, on: 'pull-request', resources: MIRROR, minutes: 5 },
  ];
}

/** Acme sells teapots: what it runs, who works on it, and what its pipelines ask for. */
export const companyRepositories: readonly CompanyRepository[] = [
  {
    platform: 'github',
    name: 'acme/shop',
    id: '456789',
    team: 'shop',
    people: ['ann', 'mehmet', 'lotte'],
    pushesPerDay: 6,
    pullRequestsPerDay: 5,
    deployShare: 0.5,
    jobs: [
      ...service('shop', 'deploy', 7),
      {
        workflow: 'deploy',
        on: 'deploy',
        environment: 'production',
        resources: [DATABASE_RESOURCE],
        minutes: 4,
      },
      {
        workflow: 'preview',
        on: 'pull-request',
        environment: 'preview',
        resources: ['shop-preview'],
        targetFromShare: PREVIEW_OPENED_AT_SHARE,
        minutes: 8,
      },
    ],
  },
  {
    platform: 'github',
    name: 'acme/payments',
    id: '456790',
    team: 'payments',
    people: ['ines', 'tomasz'],
    pushesPerDay: 3,
    pullRequestsPerDay: 3,
    deployShare: 0.6,
    jobs: [
      ...service('payments', 'deploy', 9),
      {
        workflow: 'deploy',
        on: 'pull-request',
        environment: 'preview',
        resources: ['payments-preview'],
        minutes: 6,
      },
      {
        workflow: 'settlement',
        on: 'nightly',
        environment: 'production',
        resources: ['partner-sftp'],
        minutes: 12,
      },
    ],
  },
  {
    platform: 'github',
    name: 'acme/infrastructure',
    id: '456791',
    team: 'platform',
    people: ['kofi', 'sara'],
    pushesPerDay: 3,
    pullRequestsPerDay: 4,
    deployShare: 0.8,
    jobs: [
      { workflow: 'terraform', on: 'pull-request', resources: ['infrastructure-plan'], minutes: 6 },
      {
        workflow: 'terraform',
        on: 'deploy',
        environment: 'production',
        resources: ['infrastructure-apply'],
        minutes: 14,
      },
      { workflow: 'drift', on: 'nightly', resources: ['infrastructure-plan'], minutes: 10 },
    ],
  },
  {
    platform: 'github',
    name: 'acme/mobile',
    id: '456792',
    team: 'mobile',
    people: ['yuki', 'pedro'],
    pushesPerDay: 4,
    pullRequestsPerDay: 3,
    deployShare: 0.2,
    jobs: [
      { workflow: 'ci', on: 'push', resources: MIRROR, minutes: 16 },
      { workflow: 'release', on: 'deploy', environment: 'beta', resources: ['app-signing'], minutes: 22 },
      {
        workflow: 'release',
        on: 'release',
        environment: 'production',
        resources: ['app-signing', 'app-store'],
        minutes: 25,
      },
    ],
  },
  {
    platform: 'github',
    name: 'acme/notifications',
    id: '456794',
    team: 'shop',
    people: ['lotte', 'mehmet'],
    pushesPerDay: 2,
    pullRequestsPerDay: 2,
    deployShare: 0.5,
    jobs: service('notifications', 'deploy', 5),
  },
  {
    platform: 'github',
    name: 'acme/design-system',
    id: '456795',
    team: 'shop',
    people: ['lotte', 'ann'],
    pushesPerDay: 2,
    pullRequestsPerDay: 2,
    deployShare: 0,
    jobs: [
      { workflow: 'ci', on: 'push', resources: MIRROR, minutes: 6 },
      {
        workflow: 'publish',
        on: 'release',
        environment: 'packages',
        resources: ['package-publish'],
        minutes: 4,
      },
    ],
  },
  {
    platform: 'github',
    name: 'acme/docs',
    id: '456793',
    team: 'platform',
    people: ['sara', 'ann', 'yuki'],
    pushesPerDay: 4,
    pullRequestsPerDay: 2,
    deployShare: 1,
    jobs: [{ workflow: 'pages', on: 'deploy', environment: 'docs', resources: ['docs-bucket'], minutes: 3 }],
  },
  {
    platform: 'gitlab',
    name: 'acme/data-warehouse',
    id: '20',
    team: 'data',
    people: ['amara', 'jonas'],
    pushesPerDay: 2,
    pullRequestsPerDay: 1,
    deployShare: 0.4,
    jobs: [
      {
        workflow: 'load',
        on: 'hourly',
        environment: 'production',
        resources: ['warehouse-load'],
        minutes: 18,
      },
      { workflow: 'test', on: 'push', resources: ['warehouse-read'], minutes: 7 },
      {
        workflow: 'migrate',
        on: 'deploy',
        environment: 'production',
        resources: ['warehouse-load'],
        minutes: 5,
      },
    ],
  },
  {
    platform: 'gitlab',
    name: 'acme/machine-learning',
    id: '21',
    team: 'data',
    people: ['jonas', 'priya'],
    pushesPerDay: 3,
    pullRequestsPerDay: 1,
    deployShare: 0.2,
    jobs: [
      { workflow: 'test', on: 'push', resources: ['package-mirror', 'warehouse-read'], minutes: 9 },
      {
        workflow: 'train',
        on: 'nightly',
        environment: 'training',
        resources: ['training-cluster', 'warehouse-read'],
        minutes: 55,
      },
    ],
  },
  {
    platform: 'gitlab',
    name: 'acme/billing',
    id: '22',
    team: 'payments',
    people: ['tomasz', 'ines'],
    pushesPerDay: 2,
    pullRequestsPerDay: 2,
    deployShare: 0.5,
    jobs: service('billing', 'deploy', 8),
  },
  {
    platform: 'gitlab',
    name: 'acme/fraud-detection',
    id: '23',
    team: 'payments',
    people: ['priya', 'ines'],
    pushesPerDay: 2,
    pullRequestsPerDay: 1,
    deployShare: 0.5,
    jobs: service('fraud-detection', 'deploy', 11),
  },
  {
    platform: 'gitlab',
    name: 'acme/search',
    id: '24',
    team: 'shop',
    people: ['mehmet', 'amara'],
    pushesPerDay: 2,
    pullRequestsPerDay: 1,
    deployShare: 0.4,
    jobs: service('search', 'deploy', 6),
  },
];

/** The folder of a definition in its repository. */
export function definitionPath(repository: CompanyRepository, workflow: string): string {
  return repository.platform === 'github' ? `.github/workflows/${workflow}.yml` : '.gitlab-ci.yml';
}

/** What a snippet needs to know of this server and of what was chosen. */
export interface SnippetFacts {
  readonly server: string;
  readonly audience: string;
  readonly resource: string;
}

export interface Platform {
  readonly label: string;
  /** Name and settings of the entry below `identityProviders`, lines without indentation. */
  readonly provider: readonly string[];
  /** What has to be put in its place, and where it stands. */
  readonly replace: string;
  /** Path of the definition, as a title. */
  readonly file: string;
  readonly snippet: (facts: SnippetFacts) => string;
  readonly note?: string;
}

function command({ server, resource }: SnippetFacts): string {
  return `npx vouchgate run --server ${server} --resource ${resource} -- ./deploy.sh`;
}

/** All platforms whose jobs have a token of their own; what each claim means stands in the guides. */
export const platforms = {
  'github-actions': {
    label: 'GitHub Actions',
    provider: ['github:', '  type: github-actions', '  required: { repository_owner_id: "123456" }'],
    replace: 'the id of your organisation for 123456 (gh api orgs/NAME --jq .id)',
    file: '.github/workflows/deploy.yml',
    snippet: (facts) => `permissions:
  contents: read
  id-token: write # lets the job ask GitHub for its own token

jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@COMMIT # the full commit SHA that you reviewed
      - run: ${command(facts)}
`,
  },
  'gitlab-ci': {
    label: 'GitLab CI',
    provider: [
      'gitlab:',
      '  type: gitlab-ci',
      '  issuer: https://gitlab.com',
      '  required: { namespace_id: "72" }',
    ],
    replace: 'the address of your instance, and the id of your group for 72 (on its page in GitLab)',
    file: '.gitlab-ci.yml',
    snippet: (facts) => `deploy:
  id_tokens:
    VOUCHGATE_ID_TOKEN:
      aud: ${facts.audience}
  script:
    - ${command(facts)}
`,
  },
  circleci: {
    label: 'CircleCI',
    provider: [
      'circleci:',
      '  type: oidc',
      '  issuer: https://oidc.circleci.com/org/YOUR-ORG-ID',
      '  attributes:',
      '    org.id: /oidc.circleci.com~1org-id',
      '    project.id: /oidc.circleci.com~1project-id',
      '    project.path: /oidc.circleci.com~1vcs-origin',
      '    ref.full: /oidc.circleci.com~1vcs-ref',
      '    interactive: /oidc.circleci.com~1ssh-rerun',
      '  immutable: [project.id, org.id]',
    ],
    replace: 'the id of your organization (Organization settings → Overview)',
    file: '.circleci/config.yml',
    snippet: (facts) => `jobs:
  deploy:
    docker:
      - image: cimg/node:22.11
    steps:
      - checkout
      - run: |
          export VOUCHGATE_ID_TOKEN="$(circleci run oidc get --claims '{"aud": "${facts.audience}"}')"
          ${command(facts)}
`,
    note: 'Forbid principal.interactive in policies: an SSH re-run has the same token.',
  },
  buildkite: {
    label: 'Buildkite',
    provider: [
      'buildkite:',
      '  type: oidc',
      '  issuer: https://agent.buildkite.com',
      '  required: { organization_id: YOUR-ORG-ID }',
      '  attributes:',
      '    org.id: /organization_id',
      '    project.id: /pipeline_id',
      '    project.path: /pipeline_slug',
      '    ref.full: /build_branch',
      '    commit: /build_commit',
      '    run.id: /job_id',
      '  immutable: [project.id, org.id]',
    ],
    replace:
      'the id of your organization; the issuer is that of all customers, so never leave “required” out',
    file: '.buildkite/pipeline.yml',
    snippet: (facts) => `steps:
  - label: deploy
    command: |
      export VOUCHGATE_ID_TOKEN="$$(buildkite-agent oidc request-token --audience ${facts.audience} --claim organization_id,pipeline_id)"
      ${command(facts)}
`,
  },
  bitbucket: {
    label: 'Bitbucket',
    provider: [
      'bitbucket:',
      '  type: oidc',
      '  issuer: https://api.bitbucket.org/2.0/workspaces/YOUR-WORKSPACE/pipelines-config/identity/oidc',
      '  audience: ari:cloud:bitbucket::workspace/YOUR-WORKSPACE-UUID',
      '  attributes:',
      '    project.id: /repositoryUuid',
      '    ref.full: /branchName',
      '    run.id: /pipelineUuid',
      '    run.job: /stepUuid',
      '  immutable: [project.id]',
    ],
    replace: 'issuer and audience of your workspace (Repository settings → OpenID Connect)',
    file: 'bitbucket-pipelines.yml',
    snippet: (facts) => `pipelines:
  branches:
    main:
      - step:
          oidc: true
          script:
            - export VOUCHGATE_ID_TOKEN="$BITBUCKET_STEP_OIDC_TOKEN"
            - ${command(facts)}
`,
  },
  kubernetes: {
    label: 'Tekton, Argo, Kubernetes',
    provider: [
      'cluster:',
      '  type: oidc',
      '  issuer: https://YOUR-CLUSTER-ISSUER',
      '  attributes:',
      '    project.id: /kubernetes.io/serviceaccount/uid',
      '    project.path: /kubernetes.io/serviceaccount/name',
      '    environment.name: /kubernetes.io/namespace',
      '  immutable: [project.id]',
    ],
    replace: 'the issuer of your cluster (kubectl get --raw /.well-known/openid-configuration)',
    file: 'pod specification of the step',
    snippet: (facts) => `spec:
  serviceAccountName: deploy
  volumes:
    - name: vouchgate
      projected:
        sources:
          - serviceAccountToken: { path: token, audience: "${facts.audience}", expirationSeconds: 600 }
  containers:
    - name: deploy
      volumeMounts: [{ name: vouchgate, mountPath: /var/run/vouchgate, readOnly: true }]
      command: [sh, -c]
      args:
        - |
          export VOUCHGATE_ID_TOKEN="$(cat /var/run/vouchgate/token)"
          ${command(facts)}
`,
  },
  jenkins: {
    label: 'Jenkins and others',
    provider: [
      'jenkins:',
      '  type: oidc',
      '  issuer: https://YOUR-JENKINS/oidc',
      '  required: { sub: "https://YOUR-JENKINS/job/deploy/" }',
    ],
    replace: 'the issuer, as the plug-in “OpenID Connect Provider” shows it, and the address of the job',
    file: 'Jenkinsfile',
    snippet: (
      facts,
    ) => `withCredentials([string(credentialsId: 'vouchgate-id-token', variable: 'VOUCHGATE_ID_TOKEN')]) {
    sh '${command(facts)}'
}
`,
    note: 'The credential vouchgate-id-token is of the kind “OpenID Connect id token”, with the audience of this server. Any other issuer of signed tokens works the same way: put its token into VOUCHGATE_ID_TOKEN.',
  },
} as const satisfies Record<string, Platform>;

export type PlatformId = keyof typeof platforms;
export const platformIds = Object.keys(platforms) as PlatformId[];

export function platformOf(id: PlatformId): Platform {
  return platforms[id];
}

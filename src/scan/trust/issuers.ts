/** A subject that a trust policy names, in its parts; `undefined` where it does not say anything of one. */
export interface SubjectParts {
  /** Account, group or organisation. */
  readonly owner: string;
  /** Repository, project, pipeline or workspace. */
  readonly repository: string | undefined;
  /** Branch, environment, phase: what differs between runs of one repository. */
  readonly rest: string | undefined;
}

/** A platform that signs identity tokens of pipelines. */
export interface TokenIssuer {
  readonly name: string;
  /** In issuer addresses, names of providers and of condition keys. */
  readonly host: RegExp;
  /** In the name of a Terraform reference, where the address stands elsewhere. */
  readonly word: RegExp;
  /** How its subjects begin. */
  readonly prefix: RegExp;
  /** Completes “every …”: whom it signs for. */
  readonly everybody: string;
  /** One server, group or organisation has this issuer for itself. */
  isPrivate(address: string): boolean;
  split(subject: string): SubjectParts | undefined;
  /** A part behind the repository that stands for more than one branch. */
  readonly anyBranch: RegExp;
  /** A part behind the repository with which code that nobody reviewed runs. */
  readonly pullRequest: RegExp;
  /** A part behind the repository that names one branch, tag or environment. */
  readonly oneBranch: RegExp;
  /** As condition keys of AWS begin. */
  readonly key: string;
  /** A subject that lets one place in; `repository` as it is named in the policy, words in capitals elsewhere. */
  wanted(repository: string, environment: string | undefined): string;
}

function parts(match: RegExpExecArray | null): SubjectParts | undefined {
  if (match === null) return undefined;
  const [, owner = '', repository, rest] = match;
  return { owner, repository, rest };
}

const NEVER = /^(?!)/;

/** The path of a project of GitLab: its last part is the project, everything above are groups. */
function splitPath(match: RegExpExecArray | null): SubjectParts | undefined {
  const [, path = '', rest] = match ?? [];
  if (match === null) return undefined;
  const slash = path.lastIndexOf('/');
  if (slash === -1 && /^\$\{[^{}]{1,200}\}$/.test(path)) return { owner: '', repository: path, rest };
  if (slash === -1) return { owner: path, repository: undefined, rest };
  return { owner: path.slice(0, slash), repository: path.slice(slash + 1), rest };
}

export const tokenIssuers: readonly TokenIssuer[] = [
  {
    name: 'GitHub',
    host: /token\.actions\.githubusercontent\.com|\/_services\/token/i,
    word: /git-?_?hub|\bgha\b/i,
    prefix: /^repo:/,
    everybody: 'repository on GitHub',
    isPrivate: (address) => /_services\/token|githubusercontent\.com\/[\w-]/.test(address),
    split(subject) {
      // One variable often stands for both: `repo:${var.repository}:*`.
      const [, both, after] = /^repo:(\$\{[^{}]{1,200}\})(?::(.{0,400}))?$/.exec(subject) ?? [];
      if (both !== undefined) return { owner: '', repository: both, rest: after };
      return parts(/^repo:([^/:]{0,300})(?:\/([^:]{0,300}))?(?::(.{0,400}))?$/.exec(subject));
    },
    // A workflow that names an environment which is not there makes it, without any rule.
    anyBranch: /^(?:ref:)?(?:refs\/)?(?:heads\/)?[*?]+$|^environment:.{0,200}[*?]/,
    pullRequest: /^pull_request$/,
    oneBranch: /^(?:ref:refs\/|environment:)[^*?]+$/,
    key: 'token.actions.githubusercontent.com',
    wanted: (repository, environment = 'production') => `repo:${repository}:environment:${environment}`,
  },
  {
    name: 'GitLab',
    host: /gitlab/i,
    word: /gitlab/i,
    prefix: /^project_path:/,
    everybody: 'project on GitLab',
    isPrivate: (address) =>
      /gitlab/i.test(address) && !/(?:^|[/:.@"])gitlab\.com(?![\w.-]*\.)/i.test(address),
    split: (subject) => splitPath(/^project_path:([^:]{0,400})(?::(.{0,400}))?$/.exec(subject)),
    anyBranch: /^ref_type:[^:]{0,20}:ref:[*?]+$|^ref_type:[*?]+$/,
    pullRequest: NEVER,
    oneBranch: /^ref_type:[^:*?]+:ref:[^*?]+$/,
    key: 'gitlab.com',
    wanted: (repository) => `project_path:${repository}:ref_type:branch:ref:main`,
  },
  {
    name: 'CircleCI',
    host: /oidc\.circleci\.com/i,
    word: /circle-?_?ci/i,
    prefix: /^org\/[^/]*\/(?:project|\*)/,
    everybody: 'project on CircleCI',
    isPrivate: (address) => /\/org\/[^/]/.test(address),
    split: (subject) =>
      parts(/^org\/([^/]{0,100})(?:\/(?:project\/)?([^/]{0,100}))?(?:\/(.{0,400}))?$/.exec(subject)),
    // `*` for the user fits `/` as well, and a branch can be called like all that comes behind it.
    anyBranch:
      /^user\/(?:[^/]*(?:\/[*?]*)?|\*\/vcs-origin\/.{0,400}|[^*/]*\/vcs-origin\/[^*?]+\/vcs-ref\/(?:refs\/)?(?:heads\/)?[*?]+)$/,
    pullRequest: NEVER,
    oneBranch: /^user\/[^*/]*\/vcs-origin\/[^*?]+\/vcs-ref\/refs\/(?:heads|tags)\/[^*?]+$/,
    key: 'oidc.circleci.com/org/ORGANIZATION_ID',
    wanted: () =>
      'org/ORGANIZATION_ID/project/PROJECT_ID/user/????????-????-????-????-????????????/vcs-origin/github.com/OWNER/REPOSITORY/vcs-ref/refs/heads/main',
  },
  {
    name: 'Buildkite',
    host: /agent\.buildkite\.com/i,
    word: /buildkite/i,
    prefix: /^organization:[^:]*:(?:pipeline|\*)/,
    everybody: 'pipeline on Buildkite',
    isPrivate: () => false,
    split: (subject) =>
      parts(/^organization:([^:]{0,100})(?::pipeline:([^:]{0,200}))?(?::(.{0,400}))?$/.exec(subject)),
    anyBranch: /^ref:(?:refs\/)?(?:heads\/)?[*?]+(?::.{0,300})?$/,
    pullRequest: NEVER,
    oneBranch: /^ref:[^:*?]+(?::.{0,300})?$/,
    key: 'agent.buildkite.com',
    wanted: () => 'organization:ORGANIZATION:pipeline:PIPELINE:ref:refs/heads/main:*',
  },
  {
    name: 'HCP Terraform',
    host: /app\.terraform\.io/i,
    word: /\btfc\b|_tfc|terraform_?cloud|\bhcp/i,
    prefix: /^organization:[^:]*:(?:project|workspace)/,
    everybody: 'workspace of HCP Terraform',
    isPrivate: () => false,
    split(subject) {
      const match =
        /^organization:([^:]{0,100})(?::project:([^:]{0,100}))?(?::workspace:([^:]{0,100}))?(?::(.{0,200}))?$/.exec(
          subject,
        );
      if (match === null) return undefined;
      const [, owner = '', project, workspace, rest] = match;
      // Names of workspaces are unique in an organisation, whatever project they are in.
      return { owner, repository: workspace ?? (project === undefined ? undefined : '*'), rest };
    },
    anyBranch: NEVER,
    // A plan runs the code of a pull request: providers and data sources do what it says.
    pullRequest: /^run_phase:(?:[*?]+|plan)$/,
    oneBranch: /^run_phase:apply$/,
    key: 'app.terraform.io',
    wanted: () => 'organization:ORGANIZATION:project:PROJECT:workspace:WORKSPACE:run_phase:apply',
  },
  {
    name: 'Bitbucket',
    host: /api\.bitbucket\.org\/2\.0\/workspaces/i,
    word: /bitbucket/i,
    prefix: /^\{[0-9a-f-]{30,40}\}/i,
    everybody: 'repository of the workspace',
    isPrivate: () => true,
    split(subject) {
      const [, repository = '', rest] = /^(\{?[^:}]{0,60}\}?)([^]{0,300})$/.exec(subject) ?? [];
      return { owner: '', repository, rest: rest === '' ? undefined : rest };
    },
    anyBranch: /^:[*?]+$/,
    pullRequest: NEVER,
    oneBranch: /^:\{?[\w-]{3,60}\}?:[*?]+$/i,
    key: 'api.bitbucket.org/2.0/workspaces/WORKSPACE/pipelines-config/identity/oidc',
    wanted: () => '{REPOSITORY_UUID}:{ENVIRONMENT_UUID}:*',
  },
];

/** Who signs, by anything that names it: an address first, then the word of a reference, then the subjects. */
export function findIssuer(
  names: readonly string[],
  subjects: readonly string[],
): { issuer: TokenIssuer; address: string; sure: boolean } | undefined {
  for (const issuer of tokenIssuers) {
    const address = names.find((name) => issuer.host.test(name) && !isReference(name));
    if (address !== undefined) return { issuer, address, sure: true };
  }
  for (const issuer of tokenIssuers) {
    if (subjects.some((subject) => issuer.prefix.test(subject))) return { issuer, address: '', sure: true };
  }
  // What is in a cluster is no pipeline, whatever the provider is called.
  if (subjects.some((subject) => subject.startsWith('system:'))) return undefined;
  const named = names.filter(isReference);
  const issuer = tokenIssuers.find(({ word }) => named.some((name) => word.test(name)));
  return issuer === undefined ? undefined : { issuer, address: '', sure: false };
}

/** `${aws_iam_openid_connect_provider.github.arn}`: nothing but what Terraform knows. */
const isReference = (name: string): boolean => /^\$\{[^}]*\}(?::\w+)?$/.test(name);

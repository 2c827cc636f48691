import type { CredentialKindId } from '../../../shared/static-credentials.ts';
import type { Platform } from '#pipeline/model.ts';
import type { Binding } from './binding.ts';
import type { RepositoryIdentity } from './repository-identity.ts';

/** A claim, and the values of it that are meant. */
export type WantedClaim = readonly [claim: string, values: readonly string[]];

/** What the identity tokens of a platform say, and to whom. */
export interface PlatformTokens {
  issuer(identity: RepositoryIdentity): string;
  /** Of a token that nobody gave another audience. */
  audience(identity: RepositoryIdentity): string;
  /** Every `sub` that is meant. Signs for single characters stand where a part differs from run to run. */
  subjects(binding: Binding, identity: RepositoryIdentity): readonly string[];
  /** The same by single claims, for those who compare them. */
  claims(binding: Binding, identity: RepositoryIdentity): readonly WantedClaim[];
  /** The claim with the id of the project, which no rename changes. */
  readonly project: string;
  /** What accepts such tokens as they are. */
  readonly accepted: readonly CredentialKindId[];
}

const shortRef = (ref: string): string => ref.replace(/^refs\/heads\//, '');

/**
 * The user is a UUID. `*` in its place would fit `/`, too, and a branch can be called
 * `x/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main`: as many `?` as it has characters fit nothing else.
 */
const ANY_UUID = ['????????', '????', '????', '????', '????????????'].join('-');

const circleci: PlatformTokens = {
  issuer: ({ ownerId }) => `https://oidc.circleci.com/org/${ownerId}`,
  audience: ({ ownerId }) => ownerId,
  subjects: ({ refs }, { host, owner, name, ownerId, repositoryId }) =>
    refs.map(
      (ref) =>
        `org/${ownerId}/project/${repositoryId}/user/${ANY_UUID}/vcs-origin/${host.slice(8)}/${owner}/${name}/vcs-ref/${ref}`,
    ),
  claims: ({ refs }, { host, owner, name, ownerId, repositoryId }) => [
    ['oidc.circleci.com/org-id', [ownerId]],
    ['oidc.circleci.com/project-id', [repositoryId]],
    // Of a fork that is given secrets, the project is the same.
    ['oidc.circleci.com/vcs-origin', [`${host.slice(8)}/${owner}/${name}`]],
    ['oidc.circleci.com/vcs-ref', refs],
  ],
  project: 'oidc.circleci.com/project-id',
  accepted: ['aws', 'google-cloud', 'vault'],
};

/** Its subject names the repository, the deployment environment and the step of this one run; never the branch. */
const bitbucket: PlatformTokens = {
  issuer: ({ owner }) => `https://api.bitbucket.org/2.0/workspaces/${owner}/pipelines-config/identity/oidc`,
  audience: ({ ownerId }) => `ari:cloud:bitbucket::workspace/${ownerId}`,
  subjects: (_, { repositoryId }) => [`{${repositoryId}}:{ENVIRONMENT_UUID}:*`],
  claims: ({ environment, refs }, { ownerId, repositoryId }) => [
    ['workspaceUuid', [`{${ownerId}}`]],
    ['repositoryUuid', [`{${repositoryId}}`]],
    ['branchName', refs.map(shortRef)],
    ...(environment === undefined ? [] : [['deploymentEnvironmentUuid', ['{ENVIRONMENT_UUID}']] as const]),
  ],
  project: 'repositoryUuid',
  accepted: ['aws', 'google-cloud', 'vault'],
};

/** The subject is the address of the job, which of a multibranch pipeline ends with the branch. */
const jenkinsSubject = ({ refs }: Binding, { name }: RepositoryIdentity): string[] =>
  refs.map((ref) => `https://JENKINS/job/${name}/job/${encodeURIComponent(shortRef(ref))}/`);

const jenkins: PlatformTokens = {
  issuer: () => 'https://JENKINS/oidc',
  audience: () => 'sts.amazonaws.com',
  subjects: jenkinsSubject,
  claims: (binding, identity) => [['sub', jenkinsSubject(binding, identity)]],
  project: 'sub',
  accepted: ['aws', 'azure'],
};

/** Tokens of a service connection; both words stand in its settings. */
const azure: PlatformTokens = {
  issuer: () => 'ISSUER_OF_THE_SERVICE_CONNECTION',
  audience: () => 'api://AzureADTokenExchange',
  subjects: () => ['SUBJECT_OF_THE_SERVICE_CONNECTION'],
  claims: () => [['sub', ['SUBJECT_OF_THE_SERVICE_CONNECTION']]],
  project: 'sub',
  accepted: ['azure'],
};

const tokens: Readonly<Partial<Record<Platform, PlatformTokens>>> = { circleci, bitbucket, jenkins, azure };

/** What is known of a platform's tokens, other than those of GitHub and GitLab. */
export function tokensOf(platform: Platform): PlatformTokens | undefined {
  return tokens[platform];
}

import type { Binding } from './binding.ts';
import { tokensOf } from './platform-tokens.ts';
import type { RepositoryIdentity } from './repository-identity.ts';

/**
 * How GitHub writes the repository into `sub`: by names, or by names and ids since repositories made, renamed or moved
 * from mid 2026 on (and wherever an owner asks for it).
 */
export type SubjectForm = 'classic' | 'immutable';

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

export function issuerOf({ platform }: Binding, identity: RepositoryIdentity): string {
  const { host } = identity;
  const own = tokensOf(platform);
  if (own !== undefined) return own.issuer(identity);
  if (platform === 'gitlab') return host === 'https://github.com' ? 'https://gitlab.com' : host;
  // GitHub Enterprise Server signs for itself.
  return platform === 'github' && host !== 'https://github.com' ? `${host}/_services/token` : GITHUB_ISSUER;
}

const shortRef = (ref: string): string => ref.replace(/^refs\/heads\//, '');

/** Every `sub` that is meant, each in full. */
export function subjectsOf(binding: Binding, identity: RepositoryIdentity, form: SubjectForm): string[] {
  const { owner, name, ownerId, repositoryId } = identity;
  const own = tokensOf(binding.platform);
  if (own !== undefined) return [...own.subjects(binding, identity)];
  if (binding.platform === 'gitlab') {
    return binding.refs.map((ref) => `project_path:${owner}/${name}:ref_type:branch:ref:${shortRef(ref)}`);
  }
  const repository =
    form === 'classic' ? `repo:${owner}/${name}` : `repo:${owner}@${ownerId}/${name}@${repositoryId}`;
  if (binding.environment !== undefined) return [`${repository}:environment:${binding.environment}`];
  return binding.refs.map((ref) => `${repository}:ref:${ref}`);
}

/** For a sentence: `environment production`, `main`. */
export function describeBinding({ platform, environment, refs }: Binding): string {
  const branches = refs.map(shortRef).join(', ');
  if (environment === undefined) return branches;
  // The subject of GitLab names the branch and never the environment.
  return platform === 'gitlab' ? `${branches} (environment ${environment})` : `environment ${environment}`;
}

import type { TextEdit } from '../../../fix/apply-edits.ts';
import { type Binding, bindJob } from '../bind/binding.ts';
import { tokensOf } from '../bind/platform-tokens.ts';
import type { RepositoryIdentity } from '../bind/repository-identity.ts';
import type { StoredCredential } from '../recognise/stored-use.ts';
import { findTarget } from '../targets/find-target.ts';
import { gitlabMigrations } from '../targets/gitlab.ts';
import { bitbucketMigration, circleciMigration } from '../targets/scripted.ts';
import { vouchgateMigration } from '../vouchgate/migration.ts';
import { resourcesOf } from '../vouchgate/resource.ts';
import { patchAzure } from './azure-patch.ts';
import { patchBitbucket } from './bitbucket-patch.ts';
import { patchCircleci } from './circleci-patch.ts';
import { wrapCircleci } from './circleci-wrap.ts';
import { patchWorkflow } from './github-patch.ts';
import { patchGitlab, wrapGitlab } from './gitlab-patch.ts';
import { patchJenkins } from './jenkins-patch.ts';
import type { Migration } from './migration.ts';
import { NeedsHand } from './needs-hand.ts';
import { addEnvironment, type Planner } from './patch-file.ts';

export function bindingOf(credential: StoredCredential, identity: RepositoryIdentity): Binding {
  return bindJob(credential.job, identity, findTarget(credential.kind.id)?.environment ?? 'production');
}

function inWorkflow(
  credential: StoredCredential,
  migration: Migration,
  { addsEnvironment, environment }: Binding,
) {
  const edits = patchWorkflow(credential, migration);
  // A value of the platform itself (GITHUB_TOKEN) is bound to nothing.
  const isIdentity = migration.scope.name === 'id-token';
  if (!addsEnvironment || environment === undefined || !isIdentity) return edits;
  return [...edits, ...addEnvironment(credential.job, environment)];
}

/** Why the identity of a run is no use there. */
function refusal({ platform, kind: { id } }: StoredCredential): string {
  if (id === 'azure' && (platform === 'circleci' || platform === 'bitbucket'))
    return 'Entra ID compares the whole subject, which is another one in each run of this platform';
  if (platform === 'jenkins' && (id === 'vault' || id === 'google-cloud'))
    return 'the plugin “OpenID Connect Provider” gives the build a token: log in with it in the script';
  if (platform === 'azure' && (id === 'aws' || id === 'vault' || id === 'google-cloud'))
    return 'its tokens are for Entra ID: use a service connection of that cloud’s own';
  return 'no way without a stored value is known';
}

/** Straight to the cloud or registry, with nobody in between. */
export function planDirect(identity: RepositoryIdentity): Planner {
  return (credential): readonly TextEdit[] | undefined => {
    const { platform, kind } = credential;
    const tokens = tokensOf(platform);
    if (tokens !== undefined && !tokens.accepted.includes(kind.id)) throw new NeedsHand(refusal(credential));
    if (platform === 'circleci') {
      const migration = circleciMigration(kind.id);
      return migration === undefined ? undefined : patchCircleci(credential, migration);
    }
    if (platform === 'bitbucket') {
      const migration = bitbucketMigration(kind.id);
      return migration && patchBitbucket(credential, migration, bindingOf(credential, identity));
    }
    if (platform === 'azure') return patchAzure(credential);
    if (platform === 'jenkins') return patchJenkins(credential);
    if (credential.platform === 'gitlab') {
      const migration = gitlabMigrations[credential.kind.id];
      return migration === undefined ? undefined : patchGitlab(credential, migration);
    }
    const migration = findTarget(credential.kind.id)?.migrate(credential);
    if (migration === undefined) return undefined;
    return inWorkflow(credential, migration, bindingOf(credential, identity));
  };
}

/** By way of Vouchgate, which works for everything that is stored. */
export function planBrokered(identity: RepositoryIdentity): Planner {
  return (credential): readonly TextEdit[] | undefined => {
    const { platform, kind } = credential;
    if (tokensOf(platform) !== undefined && platform !== 'circleci')
      throw new NeedsHand('a policy of Vouchgate about this platform is written by hand');
    const resources = resourcesOf(credential);
    const names = resources.map(({ name }) => name);
    if (platform === 'circleci') return wrapCircleci(credential, names, gitlabMigrations[kind.id]?.loginLine);
    if (credential.platform === 'gitlab')
      return wrapGitlab(credential, names, gitlabMigrations[credential.kind.id]?.loginLine);
    const migration = vouchgateMigration(credential, resources);
    if (migration === undefined) throw new NeedsHand('only the run knows which value it is');
    return inWorkflow(credential, migration, bindingOf(credential, identity));
  };
}

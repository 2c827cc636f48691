import type { TextEdit } from '../../../fix/apply-edits.ts';
import { type Binding, bindJob } from '../bind/binding.ts';
import type { RepositoryIdentity } from '../bind/repository-identity.ts';
import type { StoredCredential } from '../recognise/stored-use.ts';
import { findTarget } from '../targets/find-target.ts';
import { gitlabMigrations } from '../targets/gitlab.ts';
import { vouchgateMigration } from '../vouchgate/migration.ts';
import { resourcesOf } from '../vouchgate/resource.ts';
import { patchWorkflow } from './github-patch.ts';
import { patchGitlab, wrapGitlab } from './gitlab-patch.ts';
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

/** Straight to the cloud or registry, with nobody in between. */
export function planDirect(identity: RepositoryIdentity): Planner {
  return (credential): readonly TextEdit[] | undefined => {
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
    const resources = resourcesOf(credential);
    const names = resources.map(({ name }) => name);
    if (credential.platform === 'gitlab')
      return wrapGitlab(credential, names, gitlabMigrations[credential.kind.id]?.loginLine);
    const migration = vouchgateMigration(credential, resources);
    if (migration === undefined) throw new NeedsHand('only the run knows which value it is');
    return inWorkflow(credential, migration, bindingOf(credential, identity));
  };
}

import type { CredentialKindId } from '../../../shared/static-credentials.ts';
import { target as aws } from './aws/target.ts';
import { target as azure } from './azure/target.ts';
import { target as containerRegistry } from './container-registry/target.ts';
import { target as googleCloud } from './google-cloud/target.ts';
import { target as kubernetes } from './kubernetes/target.ts';
import { packageTarget } from './packages/target.ts';
import type { Target } from './target.ts';
import { target as vault } from './vault/target.ts';

const targets: Readonly<Partial<Record<CredentialKindId, Target>>> = {
  aws,
  'google-cloud': googleCloud,
  azure,
  vault,
  kubernetes,
  pypi: packageTarget('pypi'),
  npm: packageTarget('npm'),
  cargo: packageTarget('cargo'),
  rubygems: packageTarget('rubygems'),
  nuget: packageTarget('nuget'),
  'container-registry': containerRegistry,
};

/** Who can accept the identity of a run; undefined for those that know nothing but a stored value. */
export function findTarget(kind: CredentialKindId): Target | undefined {
  return targets[kind];
}

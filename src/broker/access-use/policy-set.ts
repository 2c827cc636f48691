import type { PolicySet } from '#policy/recorded-use.ts';
import type { CompileOptions } from '#policy/compile-policies.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { lintProvidersOf } from '../configuration/lint-providers.ts';

export function policySetOf({ policy, resources, identityProviders }: Configuration): PolicySet {
  return {
    engine: policy,
    resources,
    identityProviders: new Set(identityProviders.map(({ name }) => name)),
  };
}

/** What lints need to know beside the policies. */
export function compileOptionsOf({ identityProviders, posture }: Configuration): CompileOptions {
  return {
    identityProviders: lintProvidersOf(identityProviders),
    posture: posture === undefined ? 'missing' : 'configured',
  };
}

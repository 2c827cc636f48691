import { type ConfiguredIdentityProvider, immutableAttributesOf } from '#identity/configured-provider.ts';
import type { LintIdentityProvider } from '#policy/lint.ts';

/** What the linter of policies needs to know of identity providers. */
export function lintProvidersOf(providers: readonly ConfiguredIdentityProvider[]): LintIdentityProvider[] {
  return providers.map((provider) => ({
    name: provider.name,
    platform: provider.kind.id,
    immutableAttributes: immutableAttributesOf(provider),
  }));
}

import { AppError } from '#core/errors.ts';
import type { IdentityProviderCommon } from './identity-provider-common.ts';
import { isSignatureAlgorithm, type SignatureAlgorithm } from './jose/algorithms.ts';
import { createKeySet } from './keys/key-set.ts';
import type { IdentityProviderKind } from './provider.ts';

/** One entry of `identityProviders` in the configuration. */
export interface ConfiguredIdentityProvider {
  name: string;
  kind: IdentityProviderKind;
  /** What `kind.settings` made of the entry. */
  settings: object;
  common: IdentityProviderCommon;
}

export type IdentityConfigurationErrorCode =
  | 'identity_name_invalid'
  | 'identity_issuer_missing'
  | 'identity_issuer_duplicate'
  | 'identity_keys_invalid';

/** What a schema cannot say of one entry alone. `location` is the entry's path in the configuration. */
export class IdentityConfigurationError extends AppError<IdentityConfigurationErrorCode> {}

/** A configured provider with every default applied: what one token is measured against. */
export interface ResolvedIdentityProvider {
  name: string;
  kind: IdentityProviderKind;
  settings: object;
  issuer: string;
  audience: string;
  algorithms: ReadonlySet<SignatureAlgorithm>;
  leewaySeconds: number;
  lifetimeSecondsMax: number;
  required: readonly (readonly [claim: string, value: string])[];
  jwks: IdentityProviderCommon['jwks'];
}

// No slash: principal ids are `<provider>/<subject>`, and `a/b` + `c` must not be `a` + `b/c`.
const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The issuer that a provider stands for: its own, else its kind's; undefined when neither names one. */
export function issuerOf({
  common,
  kind,
}: Pick<ConfiguredIdentityProvider, 'common' | 'kind'>): string | undefined {
  return common.issuer ?? kind.defaultIssuer;
}

/** Canonical attributes that never change hands for this provider; the policy linter accepts only these as a pin. */
export function immutableAttributesOf({
  kind,
  settings,
}: Pick<ConfiguredIdentityProvider, 'kind' | 'settings'>): readonly string[] {
  return kind.immutableAttributesOf?.(settings) ?? kind.immutableAttributes;
}

/** Applies defaults and checks all providers together. Throws {@link IdentityConfigurationError}. */
export function resolveIdentityProviders(
  providers: readonly ConfiguredIdentityProvider[],
  audience: string,
): ReadonlyMap<string, ResolvedIdentityProvider> {
  const byIssuer = new Map<string, ResolvedIdentityProvider>();
  for (const provider of providers) {
    const resolved = resolve(provider, audience);
    const rival = byIssuer.get(resolved.issuer);
    if (rival !== undefined) {
      throw new IdentityConfigurationError(
        'identity_issuer_duplicate',
        `The identity providers ${rival.name} and ${resolved.name} both stand for ${resolved.issuer}.`,
        {
          location: `identityProviders.${resolved.name}.issuer`,
          remedy: 'Keep one of them, and tell workloads apart in policies.',
        },
      );
    }
    byIssuer.set(resolved.issuer, resolved);
  }
  return byIssuer;
}

function resolve(provider: ConfiguredIdentityProvider, audience: string): ResolvedIdentityProvider {
  const { name, kind, settings, common } = provider;
  const location = `identityProviders.${name}`;
  if (!NAME_PATTERN.test(name)) {
    throw new IdentityConfigurationError(
      'identity_name_invalid',
      'An identity provider needs a name of letters, digits, - and _ (64 at most).',
      { location, remedy: 'Rename it.' },
    );
  }
  const issuer = issuerOf(provider);
  if (issuer === undefined) {
    throw new IdentityConfigurationError('identity_issuer_missing', `${name} names no issuer.`, {
      location,
      remedy: `Add \`issuer\`: ${kind.title} has no single one.`,
    });
  }
  if (common.jwks !== undefined && 'keys' in common.jwks) checkPinnedKeys(common.jwks.keys, name);
  const algorithms: readonly string[] = common.algorithms ?? kind.algorithmsDefault;
  return {
    name,
    kind,
    settings,
    issuer,
    audience: common.audience ?? audience,
    algorithms: new Set(algorithms.filter(isSignatureAlgorithm)),
    leewaySeconds: common.leewaySeconds,
    lifetimeSecondsMax: common.lifetimeSecondsMax ?? kind.lifetimeSecondsMax,
    required: Object.entries(common.required ?? {}),
    jwks: common.jwks,
  };
}

function checkPinnedKeys(keys: readonly unknown[], name: string): void {
  const { skipped } = createKeySet(keys);
  if (skipped.length === 0) return;
  throw new IdentityConfigurationError('identity_keys_invalid', `A pinned key of ${name}: ${skipped[0]}.`, {
    location: `identityProviders.${name}.jwks.keys`,
    remedy: "Copy the issuer's JWK Set as it publishes it.",
  });
}

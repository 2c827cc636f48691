import type { Configuration } from '#broker/configuration/configuration.ts';
import { nearestWord } from '#core/nearest.ts';
import { type ResolvedIdentityProvider, resolveIdentityProviders } from '#identity/configured-provider.ts';
import { flattenClaims } from '#identity/flatten-claims.ts';
import type { TokenRefusal } from '#identity/refusal.ts';
import { checkPresence, checkRequired } from '#identity/registered-claims.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { CommandError } from '../command-error.ts';

export type Claims = Readonly<Record<string, unknown>>;

export type OfflineIdentity =
  | { ok: true; identity: WorkloadIdentity }
  | { ok: false; refusal: Pick<TokenRefusal, 'code' | 'message' | 'facts' | 'remedy'> };

export function providersOf({
  identityProviders,
  audience,
}: Configuration): readonly ResolvedIdentityProvider[] {
  return [...resolveIdentityProviders(identityProviders, audience).values()];
}

/** The provider that stands for the issuer of a token. */
export function providerOfIssuer(configuration: Configuration, claims: Claims): ResolvedIdentityProvider {
  const providers = providersOf(configuration);
  const found = providers.find(({ issuer }) => issuer === claims['iss']);
  if (found !== undefined) return found;
  throw new CommandError(
    'usage_invalid',
    `no identity provider stands for the issuer ${String(claims['iss'])}`,
    {
      remedy: `The issuers are: ${providers.map(({ issuer }) => issuer).join(', ') || 'none yet'}.`,
    },
  );
}

export function providerByName(configuration: Configuration, name: string): ResolvedIdentityProvider {
  const providers = providersOf(configuration);
  const found = providers.find((provider) => provider.name === name);
  if (found !== undefined) return found;
  const names = providers.map((provider) => provider.name);
  const near = nearestWord(name, names);
  throw new CommandError('usage_invalid', `there is no identity provider "${name}"`, {
    remedy: near === undefined ? `They are: ${names.join(', ') || 'none yet'}.` : `Did you mean "${near}"?`,
  });
}

/** The identity that claims would have after a full check; nothing here proves that anybody signed them. */
export function normaliseClaims(provider: ResolvedIdentityProvider, given: Claims): OfflineIdentity {
  const claims = { sub: 'unknown', ...given, iss: provider.issuer };
  const flattened = flattenClaims(claims);
  if (!flattened.ok) return flattened;
  if (typeof claims.sub !== 'string') return malformedSubject();
  const normalised = provider.kind.normalise({ ...claims, sub: claims.sub }, provider.settings);
  if (!normalised.ok) return normalised;
  const identity = {
    provider: provider.name,
    platform: provider.kind.id,
    issuer: provider.issuer,
    subject: claims.sub,
    ...normalised.identity,
    claims: flattened.claims,
  };
  return { ok: true, identity };
}

/** As the server would, but for signature, audience and times. */
export function identifyOffline(provider: ResolvedIdentityProvider, claims: Claims): OfflineIdentity {
  const absent = checkPresence(claims, provider.kind.claimsRequired);
  if (absent !== undefined) return absent;
  const flattened = flattenClaims(claims);
  if (!flattened.ok) return flattened;
  return checkRequired(flattened.claims, provider) ?? normaliseClaims(provider, claims);
}

function malformedSubject(): OfflineIdentity {
  const message = 'The claim sub is not text.';
  return {
    ok: false,
    refusal: { code: 'token_claim_invalid', message, facts: [], remedy: 'Write it as text.' },
  };
}

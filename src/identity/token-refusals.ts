import type { ResolvedIdentityProvider } from './configured-provider.ts';
import type { CompactJwsFault } from './jose/compact-jws.ts';
import type { KeySelection } from './keys/key-source.ts';
import type { ProtectedHeader } from './protected-header.ts';
import { refuse, type Refused, showClaim } from './refuse.ts';

/** Before anything of the token could be read: nothing of it is quoted, it may be a secret of another kind. */
export function refuseUnparsed({ part, fault, member }: CompactJwsFault, charsMax: number): Refused {
  if (fault === 'too_large') {
    return refuse('token_too_large', {
      message: `The token is longer than ${charsMax} characters.`,
      remedy: 'Send the identity token alone; drop custom claims if it really is this long.',
    });
  }
  if (fault === 'duplicate_member') {
    return refuse('token_duplicate_member', {
      message: `The token's ${part} names ${showClaim(member)} twice.`,
      facts: [{ name: `token.${showClaim(member)}`, expected: 'one', received: 'two' }],
      remedy: 'Use a token as the platform issues it.',
    });
  }
  const nested = fault === 'too_deep' ? ' (nested too deep)' : '';
  return refuse('token_malformed', {
    message: `This is not a signed JWT: its ${part} cannot be read${nested}.`,
    remedy: 'Send the identity token exactly as the platform gave it: three parts with dots between.',
  });
}

const KEY_MESSAGES = {
  token_key_unknown: 'The issuer publishes no key that this token could be signed with.',
  token_key_mismatch: 'The key that the token names is not for this algorithm or not for signatures.',
  token_key_ambiguous: 'More than one key of the issuer could be meant.',
  token_keys_unavailable: "The issuer's keys cannot be had at the moment.",
} as const;

const KEY_REMEDIES = {
  token_key_unknown: 'Request a fresh token. If keys are pinned, pin the new ones.',
  token_key_mismatch: 'Use a token as the platform issues it.',
  token_key_ambiguous: 'Have the issuer give each key an id of its own, and name it in its tokens.',
  token_keys_unavailable: 'Try again in a minute; the log of this server says why (`jwks.refresh_failed`).',
} as const;

export function refuseKey(
  { code, retryable }: Extract<KeySelection, { ok: false }>,
  { kid, algorithm }: ProtectedHeader,
  { issuer }: ResolvedIdentityProvider,
): Refused {
  const facts = [
    { name: 'token.header.kid', expected: `an ${algorithm} key of ${issuer}`, received: showClaim(kid) },
  ];
  return refuse(code, { message: KEY_MESSAGES[code], facts, remedy: KEY_REMEDIES[code], retryable });
}

export function refuseSignature({ kid }: ProtectedHeader, { issuer }: ResolvedIdentityProvider): Refused {
  return refuse('token_signature_invalid', {
    message: 'The signature is not by the issuer that the token names.',
    facts: [{ name: 'token.header.kid', expected: `signed by ${issuer}`, received: showClaim(kid) }],
    remedy: 'Send the token as the platform gave it; a cut or re-encoded one does not verify.',
  });
}

/** The nearest code there is: the cause is ours, and the same token may pass in a moment. */
export function refuseOverload(): Refused {
  return refuse('token_keys_unavailable', {
    message: 'Too many tokens wait for verification.',
    remedy: 'Try again in a few seconds.',
    retryable: true,
  });
}

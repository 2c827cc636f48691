import type { ResolvedIdentityProvider } from './configured-provider.ts';
import { refuse, refuseClaim, type Refused, showClaim } from './refuse.ts';

type Claims = Readonly<Record<string, unknown>>;

export interface TokenTimes {
  issuedAtSeconds: number;
  expiresAtSeconds: number;
}

/**
 * Exactly one audience, and it is ours. A token for two audiences could be replayed here by the other one
 * (RFC 8725 §3.9 asks for ours among them; we ask for no one else).
 */
export function checkAudience(claims: Claims, expected: string): Refused | undefined {
  const { aud } = claims;
  if (aud === expected) return undefined;
  const received = showClaim(aud);
  const facts = [{ name: 'token.aud', expected, received }];
  const remedy = `Request the token for the audience ${expected}.`;
  if (aud === undefined || aud === null || aud === '' || (Array.isArray(aud) && aud.length === 0)) {
    return refuse('token_audience_missing', { message: 'The token names no audience.', facts, remedy });
  }
  if (Array.isArray(aud) && aud.length > 1) {
    const message = 'The token is for more than one audience.';
    return refuse('token_audience_multiple', { message, facts, remedy });
  }
  const only: unknown = Array.isArray(aud) ? aud[0] : aud;
  if (only === expected) return undefined;
  if (typeof only !== 'string') return refuseClaim('aud', 'text', aud);
  const message = 'The token was issued for another audience.';
  return refuse('token_audience_mismatch', { message, facts, remedy });
}

/** `sub`, and every claim that the kind cannot do without, present and not empty. */
export function checkPresence(claims: Claims, names: readonly string[]): Refused | undefined {
  if (!isBlank(claims, 'sub') && !names.some((name) => isBlank(claims, name))) return undefined;
  const missing = [...new Set(['sub', ...names])].filter((name) => isBlank(claims, name));
  return refuse('token_claim_missing', {
    message: `The token lacks ${missing.join(', ')}.`,
    facts: missing.map((name) => ({
      name: `token.${name}`,
      expected: 'a value',
      received: showClaim(claims[name]),
    })),
    remedy: 'Use a token of the platform that this identity provider is configured for.',
  });
}

function isBlank(claims: Claims, name: string): boolean {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return value === undefined || value === null || value === '';
}

/** The extra claims that the configuration demands, compared as text and exactly. */
export function checkRequired(
  flattened: Readonly<Record<string, string>>,
  provider: ResolvedIdentityProvider,
): Refused | undefined {
  for (const [name, expected] of provider.required) {
    const received = Object.hasOwn(flattened, name) ? flattened[name] : undefined;
    if (received === expected) continue;
    return refuse(received === undefined ? 'token_claim_missing' : 'token_claim_invalid', {
      message: `The identity provider ${provider.name} accepts only tokens with ${name} = ${showClaim(expected)}.`,
      facts: [{ name: `token.${name}`, expected, received: showClaim(received) }],
      remedy: `Run the job where ${name} has this value, or change \`required\` of ${provider.name}.`,
    });
  }
  return undefined;
}

/** `exp` and `iat` required, `nbf` honoured, life capped (RFC 7519 §4.1.4–6). Equal to now − leeway is too late. */
export function checkTimes(
  claims: Claims,
  nowSeconds: number,
  { leewaySeconds, lifetimeSecondsMax, name }: ResolvedIdentityProvider,
): { ok: true; times: TokenTimes } | Refused {
  const { exp, iat, nbf } = claims;
  if (exp === undefined || iat === undefined) {
    const absent = exp === undefined ? 'exp' : 'iat';
    return refuse('token_claim_missing', {
      message: `The token lacks ${absent}.`,
      facts: [{ name: `token.${absent}`, expected: 'seconds since 1970', received: undefined }],
      remedy: 'Have the platform issue tokens that say when they were made and when they end.',
    });
  }
  if (!isNumericDate(exp)) return refuseClaim('exp', 'seconds since 1970', exp);
  if (!isNumericDate(iat)) return refuseClaim('iat', 'seconds since 1970', iat);
  if (nbf !== undefined && !isNumericDate(nbf)) return refuseClaim('nbf', 'seconds since 1970', nbf);
  if (exp <= iat) return refuseClaim('exp', `later than iat (${iat})`, exp);
  if (exp - iat > lifetimeSecondsMax) return refuseLongLife(exp - iat, lifetimeSecondsMax, name);
  if (exp + leewaySeconds <= nowSeconds) return refuseExpired(exp, nowSeconds);
  const early = iat > nowSeconds + leewaySeconds ? 'iat' : 'nbf';
  const start = early === 'iat' ? iat : nbf;
  if (start !== undefined && start > nowSeconds + leewaySeconds) return refuseEarly(early, start, nowSeconds);
  return { ok: true, times: { issuedAtSeconds: Math.floor(iat), expiresAtSeconds: Math.ceil(exp) } };
}

function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

function refuseLongLife(seconds: number, secondsMax: number, name: string): Refused {
  return refuse('token_lifetime_too_long', {
    message: `The token lives ${seconds} s; at most ${secondsMax} s are accepted.`,
    facts: [{ name: 'token.exp - token.iat', expected: `at most ${secondsMax} s`, received: `${seconds} s` }],
    remedy: `Request a shorter token, or raise \`lifetimeSecondsMax\` of the identity provider ${name}.`,
  });
}

function refuseExpired(exp: number, nowSeconds: number): Refused {
  return refuse('token_expired', {
    message: `The token expired ${Math.ceil(nowSeconds - exp)} s ago.`,
    facts: [{ name: 'token.exp', expected: `after ${nowSeconds}`, received: String(exp) }],
    remedy: 'Request a fresh token directly before the exchange; else compare the clocks.',
  });
}

function refuseEarly(name: 'iat' | 'nbf', start: number, nowSeconds: number): Refused {
  return refuse('token_not_yet_valid', {
    message: `The token is not valid for another ${Math.ceil(start - nowSeconds)} s.`,
    facts: [{ name: `token.${name}`, expected: `at most ${nowSeconds}`, received: String(start) }],
    remedy: "Compare this server's clock with the platform's.",
  });
}

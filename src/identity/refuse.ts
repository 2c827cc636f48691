import type { Fact, TokenRefusal, TokenRefusalCode } from './refusal.ts';

const SHOWN_CHARS_MAX = 200;

/** A value of a token as a fact may show it: bounded, and without characters that would act on a terminal. */
export function showClaim(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value);
  const short = text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text;
  return short.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}');
}

export interface RefusalDetails {
  message: string;
  facts?: readonly Fact[];
  remedy: string;
  retryable?: boolean;
}

export interface Refused {
  ok: false;
  refusal: TokenRefusal;
}

/** A refusal as a value (ARCHITECTURE, decision 8). */
export function refuse(
  code: TokenRefusalCode,
  { message, facts = [], remedy, retryable = false }: RefusalDetails,
): Refused {
  return { ok: false, refusal: { code, message, facts, remedy, retryable } };
}

/** A claim of a signed token that is there and is not as it must be. */
export function refuseClaim(name: string, expected: string, received: unknown): Refused {
  const shown = showClaim(name) ?? '';
  return refuse('token_claim_invalid', {
    message: `The token's claim ${shown} cannot be used: it must be ${expected}.`,
    facts: [{ name: `token.${shown}`, expected, received: showClaim(received) }],
    remedy: 'Use a token as the platform issues it; look at custom claims, where it has any.',
  });
}

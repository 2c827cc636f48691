import { createHmac, hash, hkdfSync, randomBytes } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { equalTexts } from '#core/equal-texts.ts';
import { returnPathOf } from './return-path.ts';

export const SIGN_IN_SECONDS = 600;

const CHARS_MAX = 4_096;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** One sign-in under way. All that has to be guessed comes out of one secret, which only the browser keeps. */
export interface SignInAttempt {
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636 §4.1. */
  readonly codeVerifier: string;
  readonly returnTo: string;
}

/** Cookies that carry a sign-in from its start to its end; signed, so that they end when they should. */
export interface SignInCookies {
  start(returnTo: string): { attempt: SignInAttempt; cookie: string };
  /** Undefined when it is not ours, was changed, or is over. */
  read(cookie: string | undefined): SignInAttempt | undefined;
}

export function createSignInCookies(masterKey: Buffer, clock: Clock): SignInCookies {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'vouchgate/sign-in-cookie/v1', 32));
  const sign = (content: string): string => createHmac('sha256', key).update(content).digest('base64url');
  return {
    start(returnTo) {
      const secret = randomBytes(32).toString('base64url');
      const expiresAtMs = clock.nowMs() + SIGN_IN_SECONDS * 1_000;
      const path = Buffer.from(returnTo).toString('base64url');
      const content = `${secret}.${expiresAtMs}.${path}`;
      return { attempt: attemptOf(secret, returnTo), cookie: `${content}.${sign(content)}` };
    },
    read(cookie) {
      if (cookie === undefined || cookie.length > CHARS_MAX) return undefined;
      const at = cookie.lastIndexOf('.');
      const content = cookie.slice(0, Math.max(0, at));
      if (!equalTexts(cookie.slice(at + 1), sign(content))) return undefined;
      const [secret = '', expiresAtMs = '', path = ''] = content.split('.');
      if (!SECRET.test(secret) || !(Number(expiresAtMs) > clock.nowMs())) return undefined;
      return attemptOf(secret, returnPathOf(Buffer.from(path, 'base64url').toString()));
    },
  };
}

function attemptOf(secret: string, returnTo: string): SignInAttempt {
  const derive = (purpose: string): string => hash('sha256', `${purpose}:${secret}`, 'base64url');
  return {
    state: derive('state'),
    nonce: derive('nonce'),
    codeVerifier: derive('code_verifier'),
    returnTo,
  };
}

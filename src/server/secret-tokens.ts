import { createHash, randomBytes } from 'node:crypto';
import {
  ADMIN_LINK_FRAGMENT,
  ADMIN_LINK_PATH,
  ADMIN_LINK_PREFIX,
  API_TOKEN_PREFIX,
  LEASE_TOKEN_PREFIX,
  SESSION_TOKEN_PREFIX,
} from '#api/session.ts';
import type { Clock } from '#core/clock.ts';
import { Secret } from '#core/secret.ts';
import type { StoredAdminLink } from '#people/ports.ts';

const TOKEN_BYTES = 32;
const SESSION_TOKEN = new RegExp(`^${SESSION_TOKEN_PREFIX}[A-Za-z0-9_-]{43}$`);
const API_TOKEN = new RegExp(`^${API_TOKEN_PREFIX}[A-Za-z0-9_-]{43}$`);
const LEASE_TOKEN = new RegExp(`^${LEASE_TOKEN_PREFIX}[A-Za-z0-9_-]{20,200}$`);
const ADMIN_LINK = new RegExp(`(?:^|${ADMIN_LINK_FRAGMENT})(${ADMIN_LINK_PREFIX}[A-Za-z0-9_-]{43})$`);
// RFC 6750 §2.1: the scheme's name is not case-sensitive, one space follows.
const BEARER = /^bearer ([\w.~+/-]{1,512}=*)$/i;

/** SHA-256, base64url: what is stored and looked up instead of a session token or an admin link. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

export function newSessionToken(): Secret {
  return new Secret(SESSION_TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url'));
}

export function newApiToken(): Secret {
  return new Secret(API_TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url'));
}

/** A one-time admin link: `url` is for the person, `stored` for the store. */
export function newAdminLink(options: { clock: Clock; publicUrl: string; ttlSeconds: number }): {
  url: Secret;
  stored: StoredAdminLink;
} {
  const token = ADMIN_LINK_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
  const nowMs = options.clock.nowMs();
  const base = options.publicUrl.replace(/\/+$/, '');
  return {
    // In the fragment, so that no proxy and no access log ever sees it.
    url: new Secret(`${base}${ADMIN_LINK_PATH}${ADMIN_LINK_FRAGMENT}${token}`),
    stored: {
      tokenHash: hashToken(token),
      createdAtMs: nowMs,
      expiresAtMs: nowMs + options.ttlSeconds * 1_000,
    },
  };
}

/** The `vgl_…` token of a link as people paste it: the whole URL, or only its end. */
export function adminLinkToken(link: string): string | undefined {
  return ADMIN_LINK.exec(link.trim())?.[1];
}

export type BearerToken = { kind: 'session' | 'api-token' | 'lease' | 'other'; token: string };

/** What a cookie must look like before anything is looked up. */
export function isSessionToken(text: string): boolean {
  return SESSION_TOKEN.test(text);
}

export function bearerToken(authorization: string | undefined): BearerToken | undefined {
  const token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  if (token === undefined) return undefined;
  if (SESSION_TOKEN.test(token)) return { kind: 'session', token };
  if (API_TOKEN.test(token)) return { kind: 'api-token', token };
  return { kind: LEASE_TOKEN.test(token) ? 'lease' : 'other', token };
}

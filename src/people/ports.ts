import type { PersonAction } from '#policy/people/people-schema.ts';

/** Whom a session or a token stands for, as their identity provider said when they signed in last. */
export interface SignedIn {
  readonly subject: string;
  /** For show only: people choose it themselves. */
  readonly name: string | undefined;
  readonly signedInBy: 'link' | 'oidc';
  /** Undefined for the admin link. Whoever signed in elsewhere is somebody else. */
  readonly issuer: string | undefined;
  readonly groups: readonly string[];
}

/** A person's session; the token itself is never stored, only its SHA-256 (base64url). */
export interface StoredSession extends SignedIn {
  readonly id: string;
  readonly tokenHash: string;
  /** Held as a cookie by a browser, and good for nothing else. */
  readonly browser: boolean;
  /** What the client said it is. */
  readonly client: string | undefined;
  readonly sourceIp: string | undefined;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** To the minute. */
  readonly lastUsedAtMs: number;
  readonly revokedAtMs: number | undefined;
}

/** One-time link of the first start (or of `vouchgate up --admin-link`): exchanging it opens a session, once. */
export interface StoredAdminLink {
  tokenHash: string;
  createdAtMs: number;
  expiresAtMs: number;
}

/** Whose sessions or tokens are meant; left out: everybody's. */
export interface HolderFilter {
  readonly subject?: string | undefined;
  readonly issuer?: string | undefined;
}

export interface SessionStore {
  addAdminLink(link: StoredAdminLink): Promise<void>;
  /** Atomic: opens the session when the link exists, is unused and has not expired; else false. */
  redeemAdminLink(linkHash: string, session: StoredSession, nowMs: number): Promise<boolean>;
  /**
   * Opens the session of a sign-in, once for each `signInHash`; else false. The groups that came with it are from
   * now on those of all sessions and API tokens of this person: a group that was left is left everywhere.
   */
  openSession(signInHash: string, session: StoredSession): Promise<boolean>;
  session(tokenHash: string): Promise<StoredSession | undefined>;
  /** Open ones, newest first. */
  openSessions(filter: HolderFilter, nowMs: number, limit: number): Promise<StoredSession[]>;
  touchSession(id: string, nowMs: number): Promise<void>;
  /** Undefined when there is none of this id, or it was over before. */
  revokeSession(id: string, nowMs: number, filter?: HolderFilter): Promise<StoredSession | undefined>;
  /** Forgets sessions, links and sign-ins that ended before. */
  removeEnded(beforeMs: number): Promise<void>;
}

/** A token for automation, in the name of who made it; of the token only its SHA-256 (base64url) is stored. */
export interface StoredApiToken extends SignedIn {
  readonly id: string;
  readonly tokenHash: string;
  readonly label: string;
  readonly actions: readonly PersonAction[];
  /** Patterns; undefined: all that its maker may see. */
  readonly repositories: readonly string[] | undefined;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** To the hour. */
  readonly lastUsedAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
}

export interface ApiTokenStore {
  addApiToken(token: StoredApiToken): Promise<void>;
  apiToken(tokenHash: string): Promise<StoredApiToken | undefined>;
  /** Also those that ended, newest first. */
  apiTokens(filter: HolderFilter, limit: number): Promise<StoredApiToken[]>;
  touchApiToken(id: string, nowMs: number): Promise<void>;
  /** Undefined when there is none of this id, or it was over before. */
  revokeApiToken(id: string, nowMs: number, filter?: HolderFilter): Promise<StoredApiToken | undefined>;
}

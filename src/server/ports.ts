/** A person's or automation's session; the token itself is never stored, only its SHA-256 (base64url). */
export interface StoredSession {
  id: string;
  tokenHash: string;
  subject: string;
  role: 'owner';
  createdAtMs: number;
  expiresAtMs: number;
  revokedAtMs: number | undefined;
}

/** One-time link of the first start (or of `vouchgate up --admin-link`): exchanging it opens a session, once. */
export interface StoredAdminLink {
  tokenHash: string;
  createdAtMs: number;
  expiresAtMs: number;
}

export interface SessionStore {
  addAdminLink(link: StoredAdminLink): Promise<void>;
  /** Atomic: opens the session when the link exists, is unused and has not expired; else false. */
  redeemAdminLink(linkHash: string, session: StoredSession, nowMs: number): Promise<boolean>;
  session(tokenHash: string): Promise<StoredSession | undefined>;
  revokeSession(id: string, nowMs: number): Promise<void>;
}

import type { RepositoryScope } from '#core/repository-scope.ts';
import type { TokenBounds } from '#people/authority.ts';
import type { SignedIn } from '#people/ports.ts';
import type { RoleGrant } from '#policy/people/people-policy.ts';

/** Who calls, found valid: a person by a session, or an API token in the name of one. */
export interface Person extends SignedIn {
  readonly kind: 'session' | 'token';
  /** Of the session or the token. */
  readonly id: string;
  readonly tokenHash: string;
  readonly browser: boolean;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** When a browser's session ends if nothing is asked for. */
  readonly idleAtMs: number | undefined;
  /** What a token was made for; undefined for sessions. */
  readonly bounds: TokenBounds | undefined;
  /** Their roles now. */
  readonly grants: readonly RoleGrant[];
  /** Where the action of this route is allowed to them: everything outside of it does not exist for them. */
  readonly scope: RepositoryScope;
}

/** Who acts on one lease: its holder, by its token, or a person, within what they may see. */
export type LeaseCaller =
  | { readonly leaseToken: string }
  | { readonly person: string; readonly scope: RepositoryScope };

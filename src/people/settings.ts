import type { PeoplePolicy, RoleGrant } from '#policy/people/people-policy.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';

/** The identity provider that people sign in with. */
export interface SignInSettings {
  /** What its button says. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined for a public client: PKCE protects the code. */
  readonly clientSecret?: SecretReference | undefined;
  readonly scopes: readonly string[];
  readonly groupsClaim: string;
}

export interface RoleAssignment {
  readonly role: RoleGrant['role'];
  readonly groups: readonly string[];
  readonly subjects: readonly string[];
  /** Undefined: everywhere. */
  readonly team?: string | undefined;
}

/** `people` of vouchgate.yaml. */
export interface PeopleSettings {
  readonly signIn?: SignInSettings | undefined;
  /** Seconds. `idle` ends sessions of browsers only. */
  readonly sessions: { readonly lifetime: number; readonly idle: number };
  readonly roles: readonly RoleAssignment[];
  /** Patterns as in `RepositoryScope`, by the name of the team. */
  readonly teams: Readonly<Record<string, { readonly repositories: readonly string[] }>>;
}

/** What is in force for people right now; it changes with the configuration. */
export interface PeopleInForce {
  readonly settings: PeopleSettings;
  readonly policy: PeoplePolicy;
}

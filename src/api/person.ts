import { z } from 'zod';
import { PersonAction } from './action.ts';
import { Moment } from './parameters.ts';

/** What somebody is to this installation; `docs/reference/roles.md` has what each may do. */
export const PersonRole = z.enum(['owner', 'security', 'developer', 'approver', 'auditor']);
export type PersonRole = z.infer<typeof PersonRole>;

/** How somebody proved who they are: the one-time admin link, an identity provider for people, or an API token. */
export const SignInMethod = z.enum(['link', 'oidc', 'token']);
export type SignInMethod = z.infer<typeof SignInMethod>;

export const RoleGrant = z.object({
  role: PersonRole,
  team: z.string().nullable().describe('Null: everywhere. Else only in the repositories of this team.'),
});
export type RoleGrant = z.infer<typeof RoleGrant>;

const Scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({
    kind: z.literal('some'),
    patterns: z.array(z.string()).describe('`acme/shop`, or `acme/*` for all below.'),
  }),
]);

/** Who asks, and what they may do. */
export const Me = z.object({
  subject: z.string(),
  name: z.string().nullable().describe('As the identity provider says; for show only.'),
  signedInBy: SignInMethod,
  grants: z.array(RoleGrant),
  actions: z
    .array(z.object({ action: PersonAction, scope: Scope }))
    .describe('What is allowed, and in which repositories.'),
  session: z.object({ id: z.string(), expiresAt: Moment, idleAt: Moment.nullable() }),
});
export type Me = z.infer<typeof Me>;

/** What the sign-in page offers. */
export const SignInOptions = z.object({
  oidc: z
    .object({ name: z.string(), issuer: z.string() })
    .nullable()
    .describe('Null: no identity provider for people is configured; the admin link is the only way in.'),
});
export type SignInOptions = z.infer<typeof SignInOptions>;

export const SignInQuery = z.strictObject({
  return: z.string().max(2_000).optional().describe('Where to go afterwards: a path below `/console/`.'),
});

/** What the identity provider sends the browser back with (RFC 6749 §4.1.2, RFC 9207). */
export const CallbackQuery = z.looseObject({
  code: z.string().max(4_096).optional(),
  state: z.string().max(200).optional(),
  iss: z.string().max(2_000).optional(),
  error: z.string().max(200).optional(),
});

export const PersonSession = z.object({
  id: z.string(),
  subject: z.string(),
  name: z.string().nullable(),
  signedInBy: SignInMethod,
  browser: z.boolean().describe('True for a cookie in a browser, false for a token of the command line.'),
  client: z.string().nullable().describe('What it said it is when it signed in.'),
  sourceIp: z.string().nullable(),
  createdAt: Moment,
  lastUsedAt: Moment.describe('To the minute.'),
  expiresAt: Moment,
  current: z.boolean().describe('The one that asks.'),
});
export type PersonSession = z.infer<typeof PersonSession>;

export const PersonSessionList = z.object({ sessions: z.array(PersonSession) });

const TokenScope = z
  .array(
    z
      .string()
      .max(300)
      .regex(/^[^\s*\p{Cc}]+(?:\/\*)?$/u, 'must be a repository (acme/shop) or all below (acme/*)'),
  )
  .min(1)
  .max(50);

/** What a token may never do: a person decides these with their own hands. */
export const TokenAction = PersonAction.exclude(['own', 'approve', 'administer']);
export type TokenAction = z.infer<typeof TokenAction>;

export const API_TOKEN_DAYS_MAX = 90;

export const ApiTokenRequest = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^\P{Cc}+$/u, 'no control characters')
    .describe('What it is for.'),
  actions: z.array(TokenAction).min(1).max(10).describe('Of those that you may do yourself.'),
  repositories: TokenScope.optional().describe('Left out: all that you may see.'),
  expiresInDays: z.int().min(1).max(API_TOKEN_DAYS_MAX).default(30),
});
export type ApiTokenRequest = z.infer<typeof ApiTokenRequest>;

export const ApiToken = z.object({
  id: z.string(),
  name: z.string(),
  subject: z.string().describe('Who made it, and in whose name it acts.'),
  actions: z.array(TokenAction),
  repositories: z.array(z.string()).nullable(),
  createdAt: Moment,
  expiresAt: Moment,
  lastUsedAt: Moment.nullable().describe('To the hour.'),
  revokedAt: Moment.nullable(),
});
export type ApiToken = z.infer<typeof ApiToken>;

export const ApiTokenList = z.object({ tokens: z.array(ApiToken) });

export const ApiTokenCreated = z.object({
  token: z.string().describe('Secret, shown once: `Authorization: Bearer vga_…`.'),
  details: ApiToken,
});

/** Who has which role, and what a role may do: for the settings page, and for whoever was refused. */
export const RoleOverview = z.object({
  roles: z.array(
    z.object({
      role: PersonRole,
      actions: z.array(PersonAction).describe('Everywhere.'),
      actionsInTeam: z.array(PersonAction).describe('When the role is held for a team only.'),
    }),
  ),
  assignments: z.array(
    z.object({
      role: PersonRole,
      team: z.string().nullable(),
      groups: z.array(z.string()),
      subjects: z.array(z.string()),
    }),
  ),
  teams: z.array(z.object({ name: z.string(), repositories: z.array(z.string()) })),
  signIn: SignInOptions.shape.oidc,
  ownPolicies: z.array(z.string()).describe('Files of `people/` that add to the built-in policies.'),
});
export type RoleOverview = z.infer<typeof RoleOverview>;

/** A permit for exactly what a run asked for, as a start that a person reads before it is put in force. */
export const DraftPolicy = z.object({
  decision: z.string(),
  resource: z.string(),
  resourceKnown: z.boolean().describe('False: the configuration has no resource of this name.'),
  file: z.string().describe('Where it could stand, below the configuration folder.'),
  text: z.string().describe('Cedar.'),
});
export type DraftPolicy = z.infer<typeof DraftPolicy>;

/** What this server is, for people who are signed in. */
export const About = z.object({
  version: z.string(),
  publicUrl: z.string(),
  audience: z.string().describe('`aud` of the tokens of jobs.'),
  store: z.enum(['ready', 'failing']).describe('Whether a durable write is possible now.'),
});
export type About = z.infer<typeof About>;

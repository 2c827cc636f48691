import { z } from 'zod';
import { DurationText } from '#core/config/duration.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { SecretReference } from '#core/config/secret-reference.ts';
import type { YamlSource } from '#core/config/yaml-source.ts';
import { nearestWord } from '#core/nearest.ts';
import { personRoles } from '#policy/people/people-schema.ts';
import { isLoopback } from './is-loopback.ts';

/** Cedar files of the operator for people lie here, in the configuration folder. */
export const PEOPLE_POLICIES_FOLDER = 'people';

const DAY_SECONDS = 86_400;

const GroupOrSubject = z
  .string()
  .min(1)
  .max(300)
  .regex(/^\P{Cc}+$/u, 'no control characters');

const Issuer = z
  .string()
  .max(500)
  .refine(isIssuer, 'must be an https URL (http only on loopback) without query or fragment');

function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function durationUpTo(seconds: number, least: number) {
  return DurationText.refine((value) => value >= least && value <= seconds, { message: 'is out of range' });
}

const SignInEntry = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(60)
    .regex(/^\P{Cc}+$/u, 'no control characters')
    .default('single sign-on')
    .describe('What the button says: “Sign in with …”.'),
  issuer: Issuer.describe('Exactly as its discovery document names it.'),
  clientId: z.string().min(1).max(300),
  clientSecret: SecretReference.optional().describe('By reference; left out for a public client.'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'must be one scope (RFC 6749 §3.3)'))
    .max(20)
    .default(['openid', 'profile', 'email'])
    .refine((scopes) => scopes.includes('openid'), { message: 'must have `openid` among them' })
    .describe('Add the one that your provider wants for groups.'),
  groupsClaim: z
    .string()
    .min(1)
    .max(200)
    .default('groups')
    .describe('Claim of the ID token, or of the userinfo answer, with the groups of a person.'),
});

const RoleEntry = z
  .strictObject({
    role: z.enum(personRoles),
    team: z.string().max(63).optional().describe('Name of an entry of `teams`; left out: everywhere.'),
    groups: z
      .array(GroupOrSubject)
      .max(100)
      .default([])
      .describe('Groups as the identity provider names them.'),
    subjects: z.array(GroupOrSubject).max(100).default([]).describe('`sub` of single people.'),
  })
  .refine(({ groups, subjects }) => groups.length + subjects.length > 0, {
    message: 'needs `groups` or `subjects`',
  });

const RepositoryPattern = z
  .string()
  .max(300)
  .regex(/^[^\s*\p{Cc}]+?(?:\/\*)?$/u, 'must be a repository (acme/shop) or all below (acme/*)');

/** Who may sign in, and as what. */
export const PeopleSection = z.strictObject({
  signIn: SignInEntry.optional().describe(
    'OpenID Connect provider for people; without it only the admin link of the terminal lets somebody in.',
  ),
  roles: z.array(RoleEntry).max(500).default([]).describe('Who has which role; see docs/reference/roles.md.'),
  teams: z
    .record(
      z
        .string()
        .max(63)
        .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by `-`, such as shop'),
      z.strictObject({ repositories: z.array(RepositoryPattern).min(1).max(500) }),
    )
    .default({})
    .describe('Repositories of a team; a role may be held for one team only.'),
  sessions: z
    .strictObject({
      lifetime: durationUpTo(30 * DAY_SECONDS, 300)
        .prefault('12h')
        .describe('A session ends then, whatever happens.'),
      idle: durationUpTo(DAY_SECONDS, 60)
        .prefault('1h')
        .describe('A session of a browser ends when nothing was asked for so long.'),
    })
    .prefault({}),
});
export type PeopleSection = z.infer<typeof PeopleSection>;

/** What the schema cannot see: names that lead nowhere, and an installation that nobody could own. */
export function peopleProblems(source: YamlSource, section: PeopleSection): readonly ConfigurationProblem[] {
  const known = Object.keys(section.teams);
  return section.roles.flatMap(({ team }, at): ConfigurationProblem[] => {
    if (team === undefined || Object.hasOwn(section.teams, team)) return [];
    const nearest = nearestWord(team, known);
    return [
      {
        file: source.file,
        ...source.locate(['people', 'roles', at, 'team']),
        message: `\`people.roles\`: there is no team \`${team}\`.`,
        remedy:
          nearest === undefined
            ? 'Add it to `people.teams`.'
            : `Did you mean \`${nearest}\`? Else add it to \`people.teams\`.`,
      },
    ];
  });
}

/** Worth a look: somebody signs in and finds that nobody may change anything. */
export function peopleWarnings(source: YamlSource, section: PeopleSection): readonly ConfigurationProblem[] {
  if (section.signIn === undefined) return [];
  if (section.roles.some(({ role, team }) => role === 'owner' && team === undefined)) return [];
  return [
    {
      file: source.file,
      ...source.locate(['people']),
      message: 'People can sign in, and nobody of them is an owner.',
      remedy: 'Give the role to a group in `people.roles`; else only the admin link makes owners.',
    },
  ];
}

import { PersonAction } from '#api/action.ts';
import { type Me, PersonRole, type RoleOverview } from '#api/person.ts';
import { judgeAuthority } from '#people/authority.ts';
import { requireWholeScope } from '../access/access-dependencies.ts';
import type { HandlersOf } from '../handler.ts';
import { momentOf, momentOrNull } from '../views.ts';
import type { PeopleServices } from './dependencies.ts';

type Handled = 'getMe' | 'getRoles' | 'getSignInOptions' | 'getAbout';

/** Who somebody is here, and who is what. */
export function createMeHandlers(
  services: Pick<PeopleServices, 'people' | 'access' | 'readiness' | 'publicUrl'>,
): HandlersOf<Handled> {
  const { people, access, publicUrl } = services;
  const signInOptions = async (): Promise<RoleOverview['signIn']> => {
    const { signIn } = (await people.inForce()).settings;
    return signIn === undefined ? null : { name: signIn.name, issuer: signIn.issuer };
  };
  const store = () =>
    services.readiness().then(
      () => 'ready' as const,
      () => 'failing' as const,
    );
  return {
    async getAbout() {
      const audience = access.configuration()?.audience ?? publicUrl;
      return { value: { version: people.version, publicUrl, audience, store: await store() } };
    },
    getSignInOptions: async () => ({ value: { oidc: await signInOptions() } }),
    async getMe({ caller }) {
      const inForce = await people.inForce();
      const actions = PersonAction.options.flatMap((action): Me['actions'] => {
        const { scope } = judgeAuthority(inForce, caller, action, caller.bounds);
        if (scope === undefined) return [];
        return [
          { action, scope: scope.kind === 'all' ? scope : { kind: 'some', patterns: [...scope.patterns] } },
        ];
      });
      return {
        value: {
          subject: caller.subject,
          name: caller.name ?? null,
          signedInBy: caller.kind === 'token' ? 'token' : caller.signedInBy,
          grants: caller.grants.map(({ role, team }) => ({
            role,
            team: team === '' ? null : (team ?? null),
          })),
          actions,
          session: {
            id: caller.id,
            expiresAt: momentOf(caller.expiresAtMs),
            idleAt: momentOrNull(caller.idleAtMs),
          },
        },
      };
    },
    async getRoles({ caller }) {
      requireWholeScope(caller);
      const { settings, policy } = await people.inForce();
      const allowed = (role: PersonRole, everywhere: boolean) =>
        PersonAction.options.filter((action) => policy.rolesFor(action, everywhere).includes(role));
      return {
        value: {
          roles: PersonRole.options.map((role) => ({
            role,
            actions: allowed(role, true),
            actionsInTeam: allowed(role, false),
          })),
          assignments: settings.roles.map(({ role, team, groups, subjects }) => ({
            role,
            team: team ?? null,
            groups: [...groups],
            subjects: [...subjects],
          })),
          teams: Object.entries(settings.teams).map(([name, { repositories }]) => ({
            name,
            repositories: [...repositories],
          })),
          signIn: await signInOptions(),
          ownPolicies: [...policy.files],
        },
      };
    },
  };
}

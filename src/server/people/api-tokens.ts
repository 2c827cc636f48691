import { type ApiToken, type ApiTokenRequest, TokenAction } from '#api/person.ts';
import { newId } from '#core/ids.ts';
import { judgeAuthority } from '#people/authority.ts';
import type { StoredApiToken } from '#people/ports.ts';
import type { HandlersOf } from '../handler.ts';
import type { Person } from '../ports.ts';
import { RequestProblem } from '../request-problem.ts';
import { hashToken, newApiToken } from '../secret-tokens.ts';
import { momentOf, momentOrNull } from '../views.ts';
import type { PersonAuthenticator } from './authenticate-person.ts';
import type { PeopleServices } from './dependencies.ts';
import type { PersonEvents } from './person-events.ts';
import { requireSession } from './sessions.ts';

const DAY_MS = 86_400_000;
const LISTED_MAX = 500;
const OPEN_MAX = 50;

type Handled =
  | 'listApiTokens'
  | 'createApiToken'
  | 'revokeApiToken'
  | 'listApiTokensOfAll'
  | 'revokeApiTokenOfAnyone';

export function createApiTokenHandlers(options: {
  services: PeopleServices;
  authenticator: PersonAuthenticator;
  events: PersonEvents;
}): HandlersOf<Handled> {
  const { services, authenticator, events } = options;
  const { people, clock } = services;
  const { apiTokens } = people;
  const ownOf = ({ subject, issuer }: Person) => ({ subject, issuer });

  const list = async (filter: { subject?: string; issuer?: string | undefined }) => {
    const tokens = await apiTokens.apiTokens(filter, LISTED_MAX);
    return { value: { tokens: tokens.map(tokenView) } };
  };

  const revoke = async (id: string, caller: Person, sourceIp: string | undefined, everybody: boolean) => {
    const revoked = await apiTokens.revokeApiToken(id, clock.nowMs(), everybody ? {} : ownOf(caller));
    authenticator.forgetAll();
    if (revoked === undefined)
      throw new RequestProblem('api_token_unknown', 'There is no open token of this id.');
    await events.tokenRevoked(revoked, caller, sourceIp);
    return { value: undefined };
  };

  /** A token that could do nothing of what it is for would only look like a grant. */
  const check = async (wish: ApiTokenRequest, caller: Person): Promise<void> => {
    const inForce = await people.inForce();
    const bounds = { actions: wish.actions, repositories: wish.repositories };
    for (const action of wish.actions) {
      const { scope } = judgeAuthority(inForce, caller, action, bounds);
      if (scope === undefined || (scope.kind === 'some' && scope.patterns.length === 0)) {
        const where = wish.repositories === undefined ? '' : ' in these repositories';
        throw new RequestProblem('api_token_refused', `You may not \`${action}\` yourself${where}.`);
      }
    }
    const nowMs = clock.nowMs();
    const open = (await apiTokens.apiTokens(ownOf(caller), LISTED_MAX)).filter(
      ({ revokedAtMs, expiresAtMs }) => revokedAtMs === undefined && expiresAtMs > nowMs,
    );
    if (open.length < OPEN_MAX) return;
    throw new RequestProblem('api_token_refused', `You have ${OPEN_MAX} tokens already.`, {
      remedy: 'End some that nobody uses.',
    });
  };

  return {
    async listApiTokens({ caller }) {
      requireSession(caller);
      return list(ownOf(caller));
    },
    listApiTokensOfAll: () => list({}),
    async createApiToken({ body, caller, sourceIp }) {
      requireSession(caller);
      await check(body, caller);
      const secret = newApiToken().reveal();
      const nowMs = clock.nowMs();
      const { subject, name, signedInBy, issuer, groups } = caller;
      const token: StoredApiToken = {
        subject,
        name,
        signedInBy,
        issuer,
        groups,
        id: newId('tok', clock),
        tokenHash: hashToken(secret),
        label: body.name,
        actions: [...new Set(body.actions)],
        repositories: body.repositories,
        createdAtMs: nowMs,
        expiresAtMs: nowMs + body.expiresInDays * DAY_MS,
        lastUsedAtMs: undefined,
        revokedAtMs: undefined,
      };
      // On record before it opens anything.
      await events.tokenCreated(token, caller, sourceIp);
      await apiTokens.addApiToken(token);
      return { value: { token: secret, details: tokenView(token) } };
    },
    async revokeApiToken({ params, caller, sourceIp }) {
      requireSession(caller);
      return revoke(params.id, caller, sourceIp, false);
    },
    revokeApiTokenOfAnyone: ({ params, caller, sourceIp }) => revoke(params.id, caller, sourceIp, true),
  };
}

function tokenView(token: StoredApiToken): ApiToken {
  return {
    id: token.id,
    name: token.label,
    subject: token.subject,
    actions: token.actions.flatMap((action) => TokenAction.safeParse(action).data ?? []),
    repositories: token.repositories === undefined ? null : [...token.repositories],
    createdAt: momentOf(token.createdAtMs),
    expiresAt: momentOf(token.expiresAtMs),
    lastUsedAt: momentOrNull(token.lastUsedAtMs),
    revokedAt: momentOrNull(token.revokedAtMs),
  };
}

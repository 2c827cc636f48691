import type { IncomingMessage } from 'node:http';
import type { RouteAuth } from '#api/route.ts';
import type { LeaseAuthority } from '#broker/broker.ts';
import { challenge, refuseWhenThrottled, type SessionAuthenticator } from './authenticate-session.ts';
import type { FailureThrottle } from './failure-throttle.ts';
import type { StoredSession } from './ports.ts';
import { isRepeated } from './request-headers.ts';
import { RequestProblem } from './request-problem.ts';
import { bearerToken, type BearerToken } from './secret-tokens.ts';

export type Caller = StoredSession | LeaseAuthority | undefined;

/** @throws {RequestProblem} when the route wants a caller and there is none that may come in. */
export type Authenticate = (
  auth: RouteAuth,
  request: IncomingMessage,
  sourceIp: string | undefined,
) => Promise<Caller>;

function tokenOf(request: IncomingMessage): BearerToken {
  if (isRepeated(request, 'authorization')) {
    throw new RequestProblem('request_malformed', 'There is more than one Authorization header field.');
  }
  const bearer = bearerToken(request.headers.authorization);
  if (bearer !== undefined) return bearer;
  throw new RequestProblem(
    'authentication_required',
    'There is no bearer token in the Authorization header.',
    {
      headers: challenge(),
    },
  );
}

export function createAuthenticate(sessions: SessionAuthenticator, failures: FailureThrottle): Authenticate {
  return async (auth, request, sourceIp) => {
    if (auth === 'none') return undefined;
    const { kind, token } = tokenOf(request);
    if (kind === 'session') {
      const session = await sessions.authenticate(token, sourceIp);
      return auth === 'session' ? session : { person: session.subject };
    }
    // Not throttled: the jobs behind one address are strangers, and one must not keep another from revoking.
    if (kind === 'lease' && auth === 'lease-or-session') return { leaseToken: token };
    refuseWhenThrottled(failures, sourceIp);
    failures.fail(sourceIp);
    throw new RequestProblem('session_invalid', 'The bearer token is not a session token (`vgs_…`).', {
      headers: challenge('invalid_token'),
    });
  };
}

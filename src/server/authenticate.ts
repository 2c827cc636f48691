import type { IncomingMessage } from 'node:http';
import type { Route } from '#api/route.ts';
import type { FailureThrottle } from './failure-throttle.ts';
import type { PersonAuthenticator, PersonCredential } from './people/authenticate-person.ts';
import type { Authorise } from './people/authorise.ts';
import type { PeopleServices } from './people/dependencies.ts';
import { challenge, refuseWhenThrottled } from './people/refuse-caller.ts';
import { requireSameOrigin } from './people/same-origin.ts';
import type { BrowserCookies } from './people/session-cookie.ts';
import type { LeaseCaller, Person } from './ports.ts';
import { isRepeated } from './request-headers.ts';
import { RequestProblem } from './request-problem.ts';
import { bearerToken, isSessionToken } from './secret-tokens.ts';

export type Caller = Person | LeaseCaller | undefined;

/**
 * Who calls, and that they may do what this route does.
 * @throws {RequestProblem} when the route wants a caller and there is none that may come in, or may do this.
 */
export type Authenticate = (
  route: Route,
  operation: string,
  request: IncomingMessage,
  sourceIp: string | undefined,
) => Promise<Caller>;

export interface AuthenticateOptions {
  services: Pick<PeopleServices, 'people' | 'publicUrl'>;
  authenticator: PersonAuthenticator;
  authorise: Authorise;
  cookies: BrowserCookies;
  failures: FailureThrottle;
}

type Credential = PersonCredential | { kind: 'lease' | 'other'; token: string };

const SAFE_METHODS = new Set(['GET', 'HEAD']);

export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { services, authenticator, authorise, cookies, failures } = options;

  /** A header is meant; a cookie is sent by the browser on its own, so it counts only where there is no header. */
  const credentialOf = (request: IncomingMessage): Credential => {
    if (isRepeated(request, 'authorization')) {
      throw new RequestProblem('request_malformed', 'There is more than one Authorization header field.');
    }
    const bearer = bearerToken(request.headers.authorization);
    if (bearer !== undefined) return bearer;
    const cookie = request.headers.authorization === undefined && cookies.session(request.headers);
    if (cookie === false || cookie === undefined || !isSessionToken(cookie)) {
      const detail = 'There is no bearer token in the Authorization header, and no session in a cookie.';
      throw new RequestProblem('authentication_required', detail, { headers: challenge() });
    }
    if (!SAFE_METHODS.has(request.method ?? '')) requireSameOrigin(request.headers, services.publicUrl);
    return { kind: 'cookie', token: cookie };
  };

  return async (route, operation, request, sourceIp) => {
    if (route.auth === 'none') return undefined;
    const { kind, token } = credentialOf(request);
    // Not throttled: the jobs behind one address are strangers, and one must not keep another from revoking.
    if (kind === 'lease' && route.auth === 'lease-or-session') return { leaseToken: token };
    if (kind === 'lease' || kind === 'other') {
      refuseWhenThrottled(failures, sourceIp);
      failures.fail(sourceIp);
      throw new RequestProblem('session_invalid', 'The bearer token is neither a session nor an API token.', {
        headers: challenge('invalid_token'),
      });
    }
    const inForce = await services.people.inForce();
    const known = await authenticator.authenticate({ kind, token }, inForce, sourceIp);
    const person = await authorise(known, { action: route.action, operation }, inForce, sourceIp);
    return route.auth === 'session' ? person : { person: person.subject, scope: person.scope };
  };
}

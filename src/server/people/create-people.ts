import { type Authenticate, createAuthenticate } from '../authenticate.ts';
import { createConsoleHandlers } from '../console-files.ts';
import type { FailureThrottle } from '../failure-throttle.ts';
import { createApiTokenHandlers } from './api-tokens.ts';
import { createPersonAuthenticator } from './authenticate-person.ts';
import { createAuthorise } from './authorise.ts';
import type { PeopleServices } from './dependencies.ts';
import { createDraftHandlers } from './draft-policy.ts';
import { createMeHandlers } from './me.ts';
import { createSessionOpener } from './open-session.ts';
import { createPersonEvents } from './person-events.ts';
import { createBrowserCookies } from './session-cookie.ts';
import { createSessionHandlers } from './sessions.ts';
import { createSignInHandlers } from './sign-in.ts';

/** How people and their tokens get in, and all that is about them. */
export function createPeople(services: PeopleServices, failures: FailureThrottle) {
  const events = createPersonEvents(services);
  const cookies = createBrowserCookies(services.publicUrl);
  const authenticator = createPersonAuthenticator({ services, failures, events });
  const opener = createSessionOpener(services, authenticator, events);
  const shared = { services, authenticator, opener, cookies, failures, events };
  const authenticate: Authenticate = createAuthenticate({
    services,
    authenticator,
    authorise: createAuthorise(events),
    cookies,
    failures,
  });
  return {
    authenticate,
    handlers: {
      ...createSessionHandlers(shared),
      ...createSignInHandlers(shared),
      ...createApiTokenHandlers(shared),
      ...createMeHandlers(services),
      ...createDraftHandlers(services),
      ...createConsoleHandlers(services.people.consoleFiles),
    },
  };
}

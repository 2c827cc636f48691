import { grantsOf } from '#people/grants.ts';
import { SIGN_IN_SECONDS } from '#people/sign-in/sign-in-cookie.ts';
import { SignInError } from '#people/sign-in/provider-client.ts';
import type { SignInSettings } from '#people/settings.ts';
import type { SignedIn } from '#people/ports.ts';
import type { FailureThrottle } from '../failure-throttle.ts';
import type { HandlersOf, Reply, RouteRequest } from '../handler.ts';
import type { Routes } from '#api/routes.ts';
import type { Page } from '../page.ts';
import type { PeopleServices } from './dependencies.ts';
import type { SessionOpener } from './open-session.ts';
import type { PersonEvents, SessionRefusal } from './person-events.ts';
import { refuseWhenThrottled } from './refuse-caller.ts';
import type { BrowserCookies } from './session-cookie.ts';
import { goOnPage, noRolePage, refusedSignInPage, type SignInFailure } from './sign-in-pages.ts';

const HTML = 'text/html; charset=utf-8';

type CallbackRequest = RouteRequest<Routes['finishSignIn']>;
type PageReply = Reply<string>;

export interface SignInHandlerOptions {
  services: PeopleServices;
  opener: SessionOpener;
  cookies: BrowserCookies;
  failures: FailureThrottle;
  events: PersonEvents;
}

function pageReply(
  { html, contentSecurityPolicy }: Page,
  status: number,
  headers: readonly string[],
): PageReply {
  return { value: html, contentSecurityPolicy, as: { status, mediaType: HTML }, headers };
}

function redirect(location: string, headers: readonly string[]): PageReply {
  return pageReply(goOnPage(), 303, ['Location', location, ...headers]);
}

/** The way through an identity provider: the browser goes there, comes back, and has a session. */
export function createSignInHandlers(
  options: SignInHandlerOptions,
): HandlersOf<'startSignIn' | 'finishSignIn'> {
  const { services, opener, cookies, failures, events } = options;
  const { people, log } = services;

  const failed = (failure: SignInFailure, status: number): PageReply =>
    pageReply(refusedSignInPage(failure), status, ['Set-Cookie', cookies.clearSignIn()]);

  /** What a provider that is down costs: a page that says so. */
  const whileReachable = async (work: () => Promise<PageReply>): Promise<PageReply> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      log.error('sign_in.unavailable', { error });
      return failed('unavailable', 503);
    }
  };

  const refuse = async (
    reason: Exclude<SignInFailure, 'unavailable' | 'not_configured'>,
    sourceIp: string | undefined,
  ): Promise<PageReply> => {
    failures.fail(sourceIp);
    await events.refused(reason, sourceIp);
    return failed(reason, 403);
  };

  const refuseNobody = async (person: SignedIn, claim: string, sourceIp: string | undefined) => {
    const reason: SessionRefusal = 'no_role';
    await events.refused(reason, sourceIp, person.subject);
    return pageReply(noRolePage(person, claim), 403, ['Set-Cookie', cookies.clearSignIn()]);
  };

  const finish = async (request: CallbackRequest, signIn: SignInSettings): Promise<PageReply> => {
    const { query, headers, sourceIp } = request;
    const parameters = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
    const result = await people.signIn.finish(signIn, parameters, cookies.signIn(headers));
    if (!result.ok) return refuse(result.refusal, sourceIp);
    const { person, returnTo, signInHash } = result;
    const { settings } = await people.inForce();
    if (grantsOf(person, settings).length === 0) return refuseNobody(person, signIn.groupsClaim, sourceIp);
    const wish = {
      person,
      browser: true,
      client: headers['user-agent'],
      sourceIp,
      former: cookies.session(headers),
    };
    const opened = await opener.open(wish, (session) => services.sessions.openSession(signInHash, session));
    if (opened === undefined) return refuse('sign_in_replayed', sourceIp);
    const cookie = cookies.setSession(opened.token, settings.sessions.lifetime);
    return redirect(returnTo, ['Set-Cookie', cookie, 'Set-Cookie', cookies.clearSignIn()]);
  };

  return {
    startSignIn: ({ query }) =>
      whileReachable(async () => {
        const { signIn } = (await people.inForce()).settings;
        if (signIn === undefined) return failed('not_configured', 404);
        const { location, cookie } = await people.signIn.start(signIn, query.return);
        return redirect(location, ['Set-Cookie', cookies.setSignIn(cookie, SIGN_IN_SECONDS)]);
      }),
    finishSignIn: (request) =>
      whileReachable(async () => {
        refuseWhenThrottled(failures, request.sourceIp);
        const { signIn } = (await people.inForce()).settings;
        return signIn === undefined ? failed('not_configured', 404) : finish(request, signIn);
      }),
  };
}

import type { IncomingHttpHeaders } from 'node:http';

/**
 * Cookies of browsers. `__Host-` binds them to this host and to TLS, so that neither a neighbour under the same
 * domain nor somebody on the line can plant one (RFC 6265bis §4.1.3.2). On plain http there is loopback only.
 */
export interface BrowserCookies {
  session(headers: IncomingHttpHeaders): string | undefined;
  signIn(headers: IncomingHttpHeaders): string | undefined;
  /** Values of `Set-Cookie`. Strict: the console's own requests carry it, and nothing from another site does. */
  setSession(token: string, maxAgeSeconds: number): string;
  clearSession(): string;
  /** Lax: the identity provider sends the browser back from another site. */
  setSignIn(value: string, maxAgeSeconds: number): string;
  clearSignIn(): string;
}

/** Undefined when it is not there, or there twice: then somebody else put one of them there. */
function cookieIn(headers: IncomingHttpHeaders, name: string): string | undefined {
  const found = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return found.length === 1 ? found[0] : undefined;
}

export function createBrowserCookies(publicUrl: string): BrowserCookies {
  const secure = publicUrl.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  const sessionName = `${prefix}vouchgate-session`;
  const signInName = `${prefix}vouchgate-sign-in`;
  const set = (name: string, value: string, maxAgeSeconds: number, sameSite: 'Strict' | 'Lax') =>
    `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`;
  return {
    session: (headers) => cookieIn(headers, sessionName),
    signIn: (headers) => cookieIn(headers, signInName),
    setSession: (token, maxAgeSeconds) => set(sessionName, token, maxAgeSeconds, 'Strict'),
    clearSession: () => set(sessionName, '', 0, 'Strict'),
    setSignIn: (value, maxAgeSeconds) => set(signInName, value, maxAgeSeconds, 'Lax'),
    clearSignIn: () => set(signInName, '', 0, 'Lax'),
  };
}

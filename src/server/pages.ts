import type { HandlersOf } from './handler.ts';
import { buildPage, type Page } from './page.ts';
import { goOnPage } from './people/sign-in-pages.ts';
import { CONSOLE_PATH } from '#people/sign-in/return-path.ts';

const HTML = 'text/html; charset=utf-8';

const HOME = `<h1>Vouchgate</h1>
<p>A pipeline job proves who it is with its platform&rsquo;s own token. A policy decides. The job gets a
credential that lives for minutes. Everything is recorded.</p>
<h2>In a job</h2>
<pre>vouchgate run --server <b>this address</b> --resource <b>name</b> -- <b>your command</b></pre>
<p>The command finds its credential in its environment; it is taken back when the command ends.</p>
<h2>As an operator</h2>
<pre>vouchgate up --admin-link   # on the server, with its options
vouchgate login <b>link</b></pre>
<p><a href="readyz">Is it ready?</a> &middot; <a href="v1/openapi.json">API description</a></p>`;

const ADMIN = `<h1>Log in from your terminal</h1>
<p id="lead">This link opens one session, once. Run this where you administer Vouchgate:</p>
<pre class="wrap" id="command" tabindex="0">vouchgate login "the link that brought you here"</pre>
<button id="copy" type="button" hidden>Copy</button>
<p id="note" aria-live="polite">The link stays in your browser: its secret is in the part of the address that is
never sent.</p>`;

const ADMIN_WITH_CONSOLE = `<h1>Sign in as the owner</h1>
<p id="lead">This link opens one session, once: here in your browser, or in your terminal.</p>
<p><button id="enter" type="button" hidden>Sign in to the console</button></p>
<p id="note" aria-live="polite">The link stays in your browser until you use it: its secret is in the part of the
address that is never sent.</p>
<h2>Or in a terminal</h2>
<pre class="wrap" id="command" tabindex="0">vouchgate login "the link that brought you here"</pre>
<button id="copy" type="button" hidden>Copy</button>`;

// The fragment leaves the address bar and the history as soon as it was read. Only text of the exact form of a
// link is shown, and as text: a crafted link can put neither markup nor another command there. The link is used by a
// click only, so that whatever looks at links before people do cannot use it up.
const ADMIN_SCRIPT = `
const match = /^#link=(vgl_[A-Za-z0-9_-]{43})$/.exec(location.hash);
const byId = (id) => document.getElementById(id);
const enter = byId('enter');
const signIn = (link) => {
  enter.disabled = true;
  fetch('v1/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'vouchgate-request': '1' },
    body: JSON.stringify({ link, cookie: true }),
  }).then((answer) => answer.status === 201 ? null : answer.json()).then(
    (problem) => {
      if (problem === null) location.assign('console/');
      else byId('note').textContent = problem.title + '. ' + problem.remedy;
    },
    () => {
      enter.disabled = false;
      byId('note').textContent = 'The server did not answer. Try again.';
    },
  );
};
if (match) {
  const command = 'vouchgate login "' + location.origin + location.pathname + '#link=' + match[1] + '"';
  byId('command').textContent = command;
  history.replaceState(null, '', location.pathname);
  if (enter) {
    enter.hidden = false;
    enter.addEventListener('click', () => signIn(match[1]));
  }
  const copy = byId('copy');
  copy.hidden = !navigator.clipboard;
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(command).then(
      () => { copy.textContent = 'Copied'; },
      () => { copy.textContent = 'Select the text and copy it'; },
    );
  });
} else {
  byId('lead').textContent = 'There is no admin link in this address.';
  byId('command').textContent = 'vouchgate up --admin-link';
  byId('note').textContent = 'Run this on the server; it prints a link that is good for one session.';
}
`;

function replyOf({ html, contentSecurityPolicy }: Page) {
  return { value: html, contentSecurityPolicy };
}

/** With a console, `/` leads to it, and an admin link can be redeemed in the browser as well. */
export function createPageHandlers(hasConsole: boolean): HandlersOf<'getHomePage' | 'getAdminLinkPage'> {
  const home = hasConsole
    ? { ...replyOf(goOnPage()), as: { status: 303, mediaType: HTML }, headers: ['Location', CONSOLE_PATH] }
    : replyOf(buildPage('Vouchgate', HOME));
  const content = hasConsole ? ADMIN_WITH_CONSOLE : ADMIN;
  const admin = replyOf(
    buildPage('Log in &middot; Vouchgate', content, ADMIN_SCRIPT, { connects: hasConsole }),
  );
  return { getHomePage: () => home, getAdminLinkPage: () => admin };
}

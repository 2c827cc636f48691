import type { HandlersOf } from './handler.ts';
import { buildPage, type Page } from './page.ts';

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

// The fragment leaves the address bar and the history as soon as it was read. Only text of the exact form of a
// link is shown, and as text: a crafted link can put neither markup nor another command there.
const ADMIN_SCRIPT = `
const match = /^#link=(vgl_[A-Za-z0-9_-]{43})$/.exec(location.hash);
const byId = (id) => document.getElementById(id);
if (match) {
  const command = 'vouchgate login "' + location.origin + location.pathname + '#link=' + match[1] + '"';
  byId('command').textContent = command;
  history.replaceState(null, '', location.pathname);
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

export function createPageHandlers(): HandlersOf<'getHomePage' | 'getAdminLinkPage'> {
  const home = replyOf(buildPage('Vouchgate', HOME));
  const admin = replyOf(buildPage('Log in &middot; Vouchgate', ADMIN, ADMIN_SCRIPT));
  return { getHomePage: () => home, getAdminLinkPage: () => admin };
}

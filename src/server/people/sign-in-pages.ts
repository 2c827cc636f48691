import { escapeMarkup } from '#findings/reporters/markup.ts';
import type { SignedIn } from '#people/ports.ts';
import type { SignInRefusal } from '#people/sign-in/sign-in.ts';
import { buildPage, type Page } from '../page.ts';

const GROUPS_SHOWN_MAX = 40;

export type SignInFailure = SignInRefusal | 'sign_in_replayed' | 'unavailable' | 'not_configured';

const REASONS: Readonly<Record<SignInFailure, { title: string; why: string; remedy: string }>> = {
  sign_in_not_started: {
    title: 'This sign-in did not start in this browser',
    why: 'The browser did not send back the cookie that a sign-in begins with: it took longer than ten minutes, another tab began a new one, or the address was opened from somewhere else.',
    remedy: 'Start again.',
  },
  provider_refused: {
    title: 'Your identity provider said no',
    why: 'It sent you back without letting you in: you cancelled, or you are not assigned to this application.',
    remedy: 'Start again, or ask whoever runs the identity provider to assign you.',
  },
  answer_invalid: {
    title: 'The answer does not belong to this sign-in',
    why: 'What the browser brought back is not what the identity provider was asked for. It was not used.',
    remedy: 'Start again. If it happens again, tell whoever runs this server: somebody may be tampering.',
  },
  token_invalid: {
    title: 'The identity provider’s token was refused',
    why: 'Its signature, issuer, audience, times or nonce are not right, or the code had been used before.',
    remedy:
      'Start again. The log of the server has the exact reason (`sign_in.refused`); compare client id, client secret, issuer and the clocks.',
  },
  subject_invalid: {
    title: 'The identity provider’s name for you cannot be used',
    why: 'The `sub` of the token is missing, too long, not plain ASCII, or reserved.',
    remedy: 'Whoever runs the identity provider can change what it sends.',
  },
  groups_left_out: {
    title: 'Your identity provider left your groups out',
    why: 'It says that you are in too many groups to name them (Microsoft Entra ID does so above 200).',
    remedy:
      'Let it send only the groups that are assigned to this application, or app roles with `groupsClaim: roles`.',
  },
  sign_in_replayed: {
    title: 'This sign-in was finished before',
    why: 'An address like this opens one session, once.',
    remedy: 'Start again.',
  },
  unavailable: {
    title: 'The identity provider cannot be reached',
    why: 'It did not answer, or not as an OpenID provider. Jobs are not affected.',
    remedy: 'Try again. Until it is back, `vouchgate up --admin-link` on the server lets an owner in.',
  },
  not_configured: {
    title: 'No identity provider for people is configured',
    why: 'This server has no `people.signIn`.',
    remedy: 'Configure it in vouchgate.yaml, or use an admin link: `vouchgate up --admin-link`.',
  },
};

const AGAIN =
  '<p><a href="/auth/sign-in">Sign in again</a> &middot; <a href="/console/">To the console</a></p>';

function code(text: string): string {
  return escapeMarkup(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

/** Built anew each time and cheap; nothing of the request gets into it. */
export function refusedSignInPage(failure: SignInFailure): Page {
  const { title, why, remedy } = REASONS[failure];
  return buildPage(
    'Sign-in refused &middot; Vouchgate',
    `<h1>${escapeMarkup(title)}</h1>\n<p>${code(why)}</p>\n<h2>What to do</h2>\n<p>${code(remedy)}</p>\n${AGAIN}`,
  );
}

/** Somebody is who they are, and nobody here: they need to know what to ask for. */
export function noRolePage({ subject, name, groups }: SignedIn, groupsClaim: string): Page {
  const shown = groups
    .slice(0, GROUPS_SHOWN_MAX)
    .map((group) => `<li><code>${escapeMarkup(group)}</code></li>`);
  const more = groups.length - shown.length;
  const list =
    shown.length === 0
      ? `<p>No groups came with your token (claim <code>${escapeMarkup(groupsClaim)}</code>). Whoever runs the identity
provider may have to add the claim, or a scope for it to <code>people.signIn.scopes</code>.</p>`
      : `<ul>${shown.join('')}</ul>${more > 0 ? `<p>and ${more} more</p>` : ''}`;
  return buildPage(
    'No role &middot; Vouchgate',
    `<h1>You have no role here yet</h1>
<p>You are ${escapeMarkup(name ?? subject)}, as <code>${escapeMarkup(subject)}</code>.</p>
<h2>Groups that were received</h2>
${list}
<h2>What to do</h2>
<p>Ask an owner to give a role to one of these groups, or to you, in <code>people.roles</code> of vouchgate.yaml. It
holds from the next sign-in on.</p>
${AGAIN}`,
  );
}

export function goOnPage(): Page {
  return buildPage('Vouchgate', '<h1>Going on …</h1>');
}

import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';
import { askForList, nextLink, refuseStranger, waitSecondsOf } from '../ask-api.ts';
import { defineInput, type InputContext, type Poller } from '../input.ts';
import { mapGithubEntry } from './map-audit-entry.ts';

const Slug = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,98})$/, 'must be the name in the address');
const PAGE = 100;
/** How far back the first look goes. */
const FIRST_DAYS = 7;
/** Entries can appear a little late; what is read twice is known by its id. */
const OVERLAP_MS = 300_000;
const DAY_MS = 86_400_000;

const Settings = z
  .strictObject({
    organization: Slug.optional().describe('Whose audit log, by name. GitHub Enterprise Cloud has the API.'),
    enterprise: Slug.optional().describe('In its place: the audit log of a whole enterprise.'),
    token: SecretReference.describe('Token that may read the audit log (`read:audit_log`).'),
    apiUrl: z
      .url({ protocol: /^https?$/ })
      .default('https://api.github.com')
      .describe('`https://HOST/api/v3` for GitHub Enterprise Server.'),
    include: z.enum(['web', 'git', 'all']).default('all').describe('`git` is kept for seven days only.'),
  })
  .refine(({ organization, enterprise }) => (organization === undefined) !== (enterprise === undefined), {
    message: 'name either an organization or an enterprise',
    path: ['organization'],
  });
type Settings = z.infer<typeof Settings>;

/** Where the next look goes on: the rest of a listing, or from a moment on. */
type Position = { next: string; newestMs: number } | { fromMs: number };

function readPosition(text: string | undefined, nowMs: number): Position {
  if (text?.startsWith('{') === true) {
    const { next, newestMs }: { next: string; newestMs: number } = JSON.parse(text);
    return { next, newestMs };
  }
  return { fromMs: text === undefined ? nowMs - FIRST_DAYS * DAY_MS : Number(text) };
}

function firstUrl({ apiUrl, organization, enterprise, include }: Settings, fromMs: number): string {
  const owner = organization === undefined ? `enterprises/${enterprise}` : `orgs/${organization}`;
  const url = new URL(`${apiUrl.replace(/\/+$/, '')}/${owner}/audit-log`);
  // The search takes whole seconds.
  const since = new Date(Math.max(0, fromMs - OVERLAP_MS)).toISOString().slice(0, 19);
  url.searchParams.set('phrase', `created:>=${since}+00:00`);
  url.searchParams.set('include', include);
  url.searchParams.set('order', 'asc');
  url.searchParams.set('per_page', String(PAGE));
  return url.href;
}

function openPoller(settings: Settings, context: InputContext): Poller {
  return {
    async poll(text, signal) {
      const position = readPosition(text, context.clock.nowMs());
      const url = 'next' in position ? position.next : firstUrl(settings, position.fromMs);
      refuseStranger(url, settings.apiUrl);
      const token = await context.resolveSecret(settings.token);
      const { list, response } = await askForList(
        context,
        url,
        {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token.reveal()}`,
          'x-github-api-version': '2022-11-28',
        },
        signal,
      );
      const records = list.map(mapGithubEntry).filter((record) => record !== undefined);
      const before = 'next' in position ? position.newestMs : position.fromMs;
      const newestMs = Math.max(before, ...records.map(({ draft }) => draft.timeMs ?? 0));
      const next = nextLink(response.headers['link'], url);
      // At its last call the limit is not hit yet, and the header says when there will be more.
      const wait =
        response.headers['x-ratelimit-remaining'] === '0'
          ? waitSecondsOf(response, context.clock)
          : undefined;
      return {
        records,
        refused: list.length - records.length,
        position: next === undefined ? String(newestMs) : JSON.stringify({ next, newestMs }),
        more: next !== undefined,
        ...(wait === undefined ? {} : { waitSeconds: wait }),
      };
    },
  };
}

export const githubAuditLog = defineInput<Settings>({
  id: 'github-audit-log',
  title: 'GitHub audit log (API)',
  description:
    'Reads the audit log of an organization or an enterprise by its API, from where it stopped. Streaming it to an ' +
    '`hec` input is faster, and has API calls, too.',
  settings: Settings,
  mode: 'poll',
  everySeconds: 60,
  open: openPoller,
});

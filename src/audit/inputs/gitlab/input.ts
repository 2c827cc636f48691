import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';
import { askForList, nextLink, refuseStranger } from '../ask-api.ts';
import { defineInput, type InputContext, type Poller } from '../input.ts';
import { mapGitlabEvent } from './map-audit-event.ts';

const PAGE = 100;
const FIRST_DAYS = 7;
const OVERLAP_MS = 300_000;
const DAY_MS = 86_400_000;

const Settings = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .default('https://gitlab.com')
      .describe('Address of GitLab.'),
    group: z.string().min(1).max(500).optional().describe('Path or id of a group.'),
    project: z.string().min(1).max(500).optional().describe('In its place: path or id of a project.'),
    token: SecretReference.describe(
      'Access token with `read_api`, of an owner; of an administrator for a whole instance.',
    ),
  })
  .refine(({ group, project }) => group === undefined || project === undefined, {
    message: 'name a group or a project, or neither for the whole instance',
    path: ['group'],
  });
type Settings = z.infer<typeof Settings>;

function pathOf({ group, project }: Settings): string {
  if (group !== undefined) return `groups/${encodeURIComponent(group)}/audit_events`;
  if (project !== undefined) return `projects/${encodeURIComponent(project)}/audit_events`;
  return 'audit_events';
}

/**
 * The API lists the newest first. One pass goes from a moment to now, page by page, and only its end moves the
 * moment: a crash on the way reads the pass again.
 */
interface Position {
  readonly fromMs: number;
  readonly next?: string;
  /** When the pass began: the next one goes on from there. */
  readonly beganMs?: number;
}

function readPosition(text: string | undefined, nowMs: number): Position {
  if (text === undefined) return { fromMs: nowMs - FIRST_DAYS * DAY_MS };
  const { fromMs, next, beganMs }: Position = JSON.parse(text);
  return {
    fromMs,
    ...(next === undefined ? {} : { next }),
    ...(beganMs === undefined ? {} : { beganMs }),
  };
}

function firstUrl(settings: Settings, fromMs: number): string {
  const url = new URL(`${settings.url.replace(/\/+$/, '')}/api/v4/${pathOf(settings)}`);
  url.searchParams.set('created_after', new Date(Math.max(0, fromMs - OVERLAP_MS)).toISOString());
  url.searchParams.set('pagination', 'keyset');
  url.searchParams.set('order_by', 'id');
  url.searchParams.set('sort', 'desc');
  url.searchParams.set('per_page', String(PAGE));
  return url.href;
}

function openPoller(settings: Settings, context: InputContext): Poller {
  return {
    async poll(text, signal) {
      const nowMs = context.clock.nowMs();
      const { fromMs, next: rest, beganMs = nowMs } = readPosition(text, nowMs);
      const url = rest ?? firstUrl(settings, fromMs);
      refuseStranger(url, settings.url);
      const token = await context.resolveSecret(settings.token);
      const { list, response } = await askForList(context, url, { 'private-token': token.reveal() }, signal);
      const records = list.map(mapGitlabEvent).filter((record) => record !== undefined);
      const next = nextLink(response.headers['link'], url);
      return {
        records,
        refused: list.length - records.length,
        position: JSON.stringify(next === undefined ? { fromMs: beganMs } : { fromMs, next, beganMs }),
        more: next !== undefined,
      };
    },
  };
}

export const gitlabAuditEvents = defineInput<Settings>({
  id: 'gitlab-audit-events',
  title: 'GitLab audit events (API)',
  description:
    'Reads the audit events of an instance, a group or a project by its API, from where it stopped.',
  settings: Settings,
  mode: 'poll',
  everySeconds: 60,
  open: openPoller,
});

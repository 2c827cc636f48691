import type { Delivery, SourceRecord } from '../input.ts';
import { identityKey } from '../identity-keys.ts';
import { fieldOf, isFields, momentField, textField } from '../record-fields.ts';
import type { WebhookScheme } from './verify-signature.ts';

type Mapper = (body: unknown, delivery: Delivery, id: string | undefined) => SourceRecord | undefined;

/** A webhook of GitHub: `X-GitHub-Event`, and `action` in the body of most. */
const mapGithub: Mapper = (body, { header }, id) => {
  const event = header('x-github-event');
  if (event === undefined) return undefined;
  const action = textField(body, 'action');
  const senderId = textField(body, 'sender', 'id');
  const run = textField(body, 'workflow_run', 'id') ?? textField(body, 'workflow_job', 'run_id');
  const conclusion =
    textField(body, 'workflow_run', 'conclusion') ?? textField(body, 'workflow_job', 'conclusion');
  return {
    raw: body,
    draft: {
      externalId: id,
      platform: 'github',
      timeMs: undefined,
      actor: { id: senderId, name: textField(body, 'sender', 'login') },
      action: action === undefined ? event : `${event}.${action}`,
      target: textField(body, 'repository', 'full_name') ?? textField(body, 'organization', 'login'),
      outcome: conclusion === 'failure' ? 'failure' : 'unknown',
      addresses: [],
      keys: [
        identityKey('actor', senderId, 'github'),
        identityKey('project', textField(body, 'repository', 'id'), 'github'),
        identityKey('run', run, 'github'),
      ],
    },
  };
};

/** A webhook of GitLab: `object_kind`, and who it was at one of two places. */
const mapGitlab: Mapper = (body, _delivery, id) => {
  const kind = textField(body, 'object_kind') ?? textField(body, 'event_name');
  const userId = textField(body, 'user_id') ?? textField(body, 'user', 'id');
  const run =
    kind === 'pipeline' ? textField(body, 'object_attributes', 'id') : textField(body, 'pipeline_id');
  return {
    raw: body,
    draft: {
      externalId: id,
      platform: 'gitlab',
      timeMs: undefined,
      actor: { id: userId, name: textField(body, 'user_username') ?? textField(body, 'user', 'username') },
      action: kind,
      target: textField(body, 'project', 'path_with_namespace'),
      outcome: textField(body, 'object_attributes', 'status') === 'failed' ? 'failure' : 'unknown',
      addresses: [],
      keys: [
        identityKey('actor', userId, 'gitlab'),
        identityKey('project', textField(body, 'project', 'id') ?? textField(body, 'project_id'), 'gitlab'),
        identityKey('run', run, 'gitlab'),
      ],
    },
  };
};

const OUTCOMES: ReadonlyMap<string, 'success' | 'failure'> = new Map([
  ['success', 'success'],
  ['failure', 'failure'],
]);

/**
 * What anybody else sends by Standard Webhooks: `type`, `timestamp`, `data`. In `data` the fields of an activity are
 * read where they are there: `actor.id`, `actor.name`, `target`, `outcome`, and `decision` or `principal` to join by.
 */
const mapStandard: Mapper = (body, _delivery, id) => {
  const data = fieldOf(body, 'data');
  const platform = textField(data, 'platform') ?? 'webhook';
  const actorId = textField(data, 'actor', 'id');
  return {
    raw: body,
    draft: {
      externalId: id,
      platform,
      timeMs: momentField(body, 'timestamp'),
      actor: { id: actorId, name: textField(data, 'actor', 'name') },
      action: textField(body, 'type'),
      target: textField(data, 'target'),
      outcome: OUTCOMES.get(textField(data, 'outcome') ?? '') ?? 'unknown',
      addresses: [textField(data, 'address')],
      keys: [
        identityKey('actor', actorId, platform),
        identityKey('principal', textField(data, 'principal')),
        identityKey('decision', textField(data, 'decision')),
      ],
    },
  };
};

const MAPPERS: Readonly<Record<WebhookScheme, Mapper>> = {
  github: mapGithub,
  gitlab: mapGitlab,
  standard: mapStandard,
};

/** Undefined when the body is no webhook of that sender. */
export function mapWebhook(
  scheme: WebhookScheme,
  delivery: Delivery,
  id: string | undefined,
): SourceRecord | undefined {
  let body: unknown;
  try {
    body = JSON.parse(delivery.body.toString('utf8'));
  } catch {
    return undefined;
  }
  const record = isFields(body) ? MAPPERS[scheme](body, delivery, id) : undefined;
  return record?.draft.action === undefined ? undefined : record;
}

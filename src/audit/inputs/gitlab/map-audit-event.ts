import type { SourceRecord } from '../input.ts';
import { identityKey } from '../identity-keys.ts';
import { fieldOf, isFields, momentField, textField } from '../record-fields.ts';

const PLATFORM = 'gitlab';

/** `details` says what happened in one of several ways, by the age of the event type. */
function actionOf(event: unknown): string | undefined {
  const details = fieldOf(event, 'details');
  const named =
    textField(event, 'event_type') ?? textField(event, 'event_name') ?? textField(details, 'event_name');
  if (named !== undefined) return named;
  for (const verb of ['add', 'change', 'remove']) {
    const what = textField(details, verb);
    if (what !== undefined) return `${verb}: ${what}`;
  }
  return textField(details, 'custom_message');
}

/** An event of GitLab's audit events: from the API, and from audit event streaming. */
export function mapGitlabEvent(event: unknown): SourceRecord | undefined {
  if (!isFields(event)) return undefined;
  const action = actionOf(event);
  const id = textField(event, 'id');
  if (action === undefined || id === undefined) return undefined;
  const details = fieldOf(event, 'details');
  const authorId = textField(event, 'author_id');
  const entityType = textField(event, 'entity_type');
  const entityId = textField(event, 'entity_id');
  return {
    raw: event,
    draft: {
      externalId: id,
      platform: PLATFORM,
      timeMs: momentField(event, 'created_at'),
      // -1: nobody who is signed in; ids below 0 are not of people.
      actor: { id: authorId, name: textField(details, 'author_name') ?? textField(event, 'author_name') },
      action,
      target:
        textField(event, 'entity_path') ??
        textField(details, 'entity_path') ??
        (entityId === undefined ? undefined : `${entityType ?? 'entity'} ${entityId}`),
      outcome: textField(details, 'failed_login') === undefined ? 'success' : 'failure',
      addresses: [textField(details, 'ip_address') ?? textField(event, 'ip_address')],
      keys: [
        authorId?.startsWith('-') === true ? undefined : identityKey('actor', authorId, PLATFORM),
        entityType === 'Project' ? identityKey('project', entityId, PLATFORM) : undefined,
      ],
    },
  };
}

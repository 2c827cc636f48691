import type { SourceRecord } from '../input.ts';
import { identityKey } from '../identity-keys.ts';
import { fieldOf, isFields, momentField, textField } from '../record-fields.ts';

const PLATFORM = 'github';

/**
 * An entry of GitHub's audit log: the same from the API and from audit log streaming. Times are milliseconds, in
 * `@timestamp`. `actor_id` is the person or app; a run of Actions has `workflow_run_id`.
 */
export function mapGithubEntry(entry: unknown): SourceRecord | undefined {
  if (!isFields(entry)) return undefined;
  const action = textField(entry, 'action');
  if (action === undefined) return undefined;
  const actorId = textField(entry, 'actor_id');
  const repositoryId = textField(entry, 'repository_id') ?? textField(entry, 'repo_id');
  return {
    raw: entry,
    draft: {
      externalId: textField(entry, '_document_id'),
      platform: PLATFORM,
      timeMs: momentField(entry, '@timestamp') ?? momentField(entry, 'created_at'),
      actor: { id: actorId, name: textField(entry, 'actor') },
      action,
      target: textField(entry, 'repo') ?? textField(entry, 'repository') ?? textField(entry, 'org'),
      outcome: outcomeOf(entry),
      addresses: [textField(entry, 'actor_ip')],
      keys: [
        identityKey('actor', actorId, PLATFORM),
        identityKey('project', repositoryId, PLATFORM),
        identityKey('run', textField(entry, 'workflow_run_id'), PLATFORM),
      ],
    },
  };
}

/** Most entries say nothing: they are of what was done. */
function outcomeOf(entry: unknown): 'success' | 'failure' | 'unknown' {
  const conclusion = textField(entry, 'conclusion') ?? textField(entry, 'deployment_status');
  if (conclusion === 'failure' || textField(entry, 'operation_type') === 'denied') return 'failure';
  const status = fieldOf(entry, 'status_code');
  if (typeof status === 'number' && status >= 400) return 'failure';
  return 'success';
}

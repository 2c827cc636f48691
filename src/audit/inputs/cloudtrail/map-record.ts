import type { SourceRecord } from '../input.ts';
import { decisionIn, identityKey } from '../identity-keys.ts';
import { fieldOf, isFields, momentField, textField } from '../record-fields.ts';

const PLATFORM = 'aws';

/** `sts.amazonaws.com` and `AssumeRoleWithWebIdentity` to the way that policies write it. */
function actionOf(record: unknown): string | undefined {
  const name = textField(record, 'eventName');
  const source = textField(record, 'eventSource')?.split('.', 1)[0];
  return name === undefined ? undefined : `${source ?? PLATFORM}:${name}`;
}

function targetOf(record: unknown): string | undefined {
  const resources = fieldOf(record, 'resources');
  const first: unknown = Array.isArray(resources) ? resources[0] : undefined;
  return textField(first, 'ARN') ?? textField(record, 'requestParameters', 'roleArn');
}

/**
 * Our decision, in the places where the name of a session stands: in the call that opens it, and in each call that
 * is made with it (as the end of `principalId` and of the ARN), and in what the role's trust policy was made to
 * keep as source identity.
 */
function decisionOf(record: unknown): string | undefined {
  const places = [
    textField(record, 'requestParameters', 'roleSessionName'),
    textField(record, 'requestParameters', 'sourceIdentity'),
    textField(record, 'userIdentity', 'principalId'),
    textField(record, 'userIdentity', 'arn'),
    textField(record, 'userIdentity', 'sessionContext', 'sourceIdentity'),
    textField(record, 'responseElements', 'assumedRoleUser', 'arn'),
  ];
  return places.map(decisionIn).find((decision) => decision !== undefined);
}

/** A record of CloudTrail (`eventVersion` 1.x). */
export function mapCloudTrailRecord(record: unknown): SourceRecord | undefined {
  if (!isFields(record)) return undefined;
  const action = actionOf(record);
  const id = textField(record, 'eventID');
  if (action === undefined || id === undefined) return undefined;
  const user = fieldOf(record, 'userIdentity');
  const principalId = textField(user, 'principalId') ?? textField(user, 'arn');
  return {
    raw: record,
    draft: {
      externalId: id,
      platform: PLATFORM,
      timeMs: momentField(record, 'eventTime'),
      actor: { id: principalId, name: textField(user, 'arn') ?? textField(user, 'userName') },
      action,
      target: targetOf(record),
      outcome: textField(record, 'errorCode') === undefined ? 'success' : 'failure',
      addresses: [textField(record, 'sourceIPAddress')],
      keys: [identityKey('actor', principalId, PLATFORM), identityKey('decision', decisionOf(record))],
    },
  };
}

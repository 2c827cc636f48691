import type { Issued } from '../client/exchange-answer.ts';
import { CommandError } from '../command-error.ts';

/** What every AWS SDK reads, whether from a process's output or from an endpoint. */
export interface AwsCredential {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | undefined;
  /** ISO 8601. Without it an SDK would never ask again. */
  expiration: string;
}

export const AWS_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

function findValue(issued: Issued, variable: string, field: string): string | undefined {
  const name = issued.environment[variable] ?? field;
  return Object.hasOwn(issued.values, name) ? issued.values[name]?.reveal() : undefined;
}

/** True for a credential that the AWS SDKs can be given. */
export function isAwsCredential(issued: Issued): boolean {
  return (
    findValue(issued, 'AWS_ACCESS_KEY_ID', 'accessKeyId') !== undefined &&
    findValue(issued, 'AWS_SECRET_ACCESS_KEY', 'secretAccessKey') !== undefined
  );
}

export function toAwsCredential(issued: Issued): AwsCredential {
  const accessKeyId = findValue(issued, 'AWS_ACCESS_KEY_ID', 'accessKeyId');
  const secretAccessKey = findValue(issued, 'AWS_SECRET_ACCESS_KEY', 'secretAccessKey');
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CommandError(
      'field_unknown',
      `${issued.resource} is a ${issued.credentialType}, no AWS credential`,
      {
        remedy: 'Use a resource of the credential provider aws-sts, or another --as.',
      },
    );
  }
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: findValue(issued, 'AWS_SESSION_TOKEN', 'sessionToken'),
    expiration: new Date(issued.expiresAtMs).toISOString(),
  };
}

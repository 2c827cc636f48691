import type { Issued } from '../client/exchange-answer.ts';
import { CommandError } from '../command-error.ts';
import { toAwsCredential } from './aws-fields.ts';
import { environmentOf, readField } from './environment-mapping.ts';

export type CredentialFormat = 'env' | 'json' | 'aws-process' | 'file';

/** Quotes for every POSIX shell: nothing is special between single quotes but their end. */
export function quoteForShell(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

function formatEnvironment(issued: Issued): string {
  return Object.entries(environmentOf(issued))
    .map(([name, value]) => `export ${name}=${quoteForShell(value)}\n`)
    .join('');
}

function formatJson(issued: Issued): string {
  const values = Object.entries(issued.values).map(([field, value]) => [field, value.reveal()]);
  return `${JSON.stringify({
    resource: issued.resource,
    credentialType: issued.credentialType,
    values: Object.fromEntries(values),
    environment: issued.environment,
    expiresAt: new Date(issued.expiresAtMs).toISOString(),
    decision: issued.decision,
    lease: { id: issued.lease.id, token: issued.lease.token.reveal() },
  })}\n`;
}

/** `credential_process` of the AWS configuration file. */
function formatAwsProcess(issued: Issued): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = toAwsCredential(issued);
  return `${JSON.stringify({
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration,
  })}\n`;
}

function formatValue(issued: Issued, field: string | undefined): string {
  const name = field ?? issued.valueField;
  if (name !== undefined) return readField(issued, name);
  throw new CommandError('field_unknown', `the credential of ${issued.resource} is more than one value`, {
    remedy: `Name one with --field: ${Object.keys(issued.values).join(', ')}.`,
  });
}

/** The credential as text, in the form that was asked for. */
export function formatCredential(issued: Issued, format: CredentialFormat, field?: string): string {
  const formatters: Record<CredentialFormat, () => string> = {
    env: () => formatEnvironment(issued),
    json: () => formatJson(issued),
    'aws-process': () => formatAwsProcess(issued),
    file: () => formatValue(issued, field),
  };
  return formatters[format]();
}

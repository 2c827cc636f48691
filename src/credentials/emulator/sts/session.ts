import { randomBytes } from 'node:crypto';
import { Secret } from '#core/secret.ts';
import type { AssumeRoleRequest } from './request.ts';
import type { WebIdentity } from './web-identity.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What was handed out, so that a test can see what AWS would have known of the session. */
export interface StsSession {
  accessKeyId: string;
  secretAccessKey: Secret;
  sessionToken: Secret;
  roleArn: string;
  sessionName: string;
  assumedRoleId: string;
  issuer: string;
  subject: string;
  audience: string;
  tags: Readonly<Record<string, string>>;
  transitiveTagKeys: readonly string[];
  sourceIdentity: string | undefined;
  policy: string | undefined;
  policyArns: readonly string[];
  expiresAtMs: number;
}

function randomId(prefix: string): string {
  let id = prefix;
  for (const byte of randomBytes(16)) id += ALPHABET.charAt(byte % ALPHABET.length);
  return id;
}

export function openSession(request: AssumeRoleRequest, identity: WebIdentity, nowMs: number): StsSession {
  const { amr: _, ...caller } = identity;
  return {
    roleArn: request.roleArn,
    sessionName: request.sessionName,
    policy: request.policy,
    policyArns: request.policyArns,
    ...caller,
    accessKeyId: randomId('ASIA'),
    secretAccessKey: new Secret(randomBytes(30).toString('base64')),
    sessionToken: new Secret(randomBytes(192).toString('base64')),
    assumedRoleId: `${randomId('AROA')}:${request.sessionName}`,
    // Whole seconds, as AWS gives them.
    expiresAtMs: Math.floor(nowMs / 1000 + request.durationSeconds) * 1000,
  };
}

/** `arn:aws:sts::123456789012:assumed-role/deploy/session`; the path of the role is not part of it. */
export function assumedRoleArn({ roleArn, sessionName }: StsSession): string {
  const [, partition, , , account] = roleArn.split(':');
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`;
}

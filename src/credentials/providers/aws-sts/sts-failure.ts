import { CredentialError } from '../../credential-error.ts';
import type { CredentialErrorCode } from '../../provider.ts';
import type { StsFault } from './sts-answer.ts';
import type { TrustPolicy } from './trust-policy.ts';

const MESSAGE_CHARS_MAX = 300;

/** What the remedies speak of. */
export interface StsAttempt {
  issuer: string;
  audience: string;
  roleArn: string;
  trustPolicy: TrustPolicy;
}

/** STS did not answer, or not as STS does; or it asks to be asked again. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'IDPCommunicationError',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'InternalFailure',
]);

export function isTransient(fault: StsFault): boolean {
  return TRANSIENT_CODES.has(fault.code);
}

type Verdict = { code: CredentialErrorCode; remedy: string };

function verdictOn(fault: StsFault, { issuer, audience, roleArn, trustPolicy }: StsAttempt): Verdict {
  switch (fault.code) {
    case 'AccessDenied':
      return {
        code: 'backend_refused',
        remedy: `Check that ${roleArn} exists and let its trust policy say: ${JSON.stringify(trustPolicy)}`,
      };
    case 'IDPRejectedClaim':
      return {
        code: 'backend_refused',
        remedy: 'Compare the trust policy of the role with the claims of the token.',
      };
    case 'InvalidIdentityToken':
      return {
        code: 'backend_misconfigured',
        remedy: `In IAM, look for the identity provider ${issuer}: it must exist in the account of the role, list the audience ${audience}, and, where AWS does not know the certificate authority, the right thumbprint. AWS must be able to fetch ${issuer}/.well-known/openid-configuration within 5 seconds.`,
      };
    case 'ExpiredTokenException':
      return {
        code: 'backend_misconfigured',
        remedy: 'Set the clock of this server: the token had just been made.',
      };
    case 'RegionDisabledException':
      return {
        code: 'backend_misconfigured',
        remedy: 'Enable STS for this region in the account, or set another `region`.',
      };
    case 'IDPCommunicationError':
      return {
        code: 'backend_unavailable',
        remedy: `AWS cannot reach ${issuer}: its discovery document and key set must be on the public internet.`,
      };
    default:
      if (isTransient(fault)) return { code: 'backend_unavailable', remedy: 'Try again later.' };
      return { code: 'backend_misconfigured', remedy: 'Change the parameters of this resource.' };
  }
}

/** STS quotes a value that it finds malformed, so that our token could stand in its message. */
function harmless(message: string): string {
  return message
    .replaceAll(/[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, '[redacted]')
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .slice(0, MESSAGE_CHARS_MAX);
}

export function errorOfFault(fault: StsFault, attempt: StsAttempt): CredentialError {
  const { code, remedy } = verdictOn(fault, attempt);
  const said = harmless(`${fault.code}: ${fault.message}`);
  return new CredentialError(code, `AWS STS answered ${said}`, { remedy, location: attempt.roleArn });
}

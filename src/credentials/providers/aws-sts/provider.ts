import { Secret } from '#core/secret.ts';
import { CredentialError } from '../../credential-error.ts';
import { createPerParameters } from '../../per-parameters.ts';
import type {
  CredentialProviderContext,
  CredentialProviderKind,
  CredentialRequest,
  Handle,
} from '../../provider.ts';
import { compileAwsSession, renderAwsName } from '../../token-claims/aws-session.ts';
import { subjectOf } from '../../token-claims/subject.ts';
import { compileTemplate } from '../../token-claims/template.ts';
import { tokenTimes, workloadClaims } from '../../token-claims/workload-claims.ts';
import {
  AwsStsParameters,
  AwsStsSettings,
  DURATION_SECONDS_MAX,
  DURATION_SECONDS_MIN,
  endpointOf,
} from './settings.ts';
import type { StsCredentials } from './sts-answer.ts';
import { callSts } from './sts-client.ts';
import { errorOfFault } from './sts-failure.ts';
import { trustPolicyFor } from './trust-policy.ts';

/** The token is used at once; it need not outlive the retries. */
const TOKEN_SECONDS = 300;
const UNUSED_ROLE_ARN = 'arn:aws:iam::000000000000:role/vouchgate-check';

type Request = CredentialRequest<AwsStsParameters>;
type FormParameters = Record<string, string>;

function prepare(parameters: AwsStsParameters) {
  const { roleArn, inlinePolicy, policyArns = [], ...session } = parameters;
  const form: FormParameters = { Action: 'AssumeRoleWithWebIdentity', RoleArn: roleArn };
  if (inlinePolicy !== undefined) form.Policy = inlinePolicy;
  for (const [index, arn] of policyArns.entries()) form[`PolicyArns.member.${index + 1}.arn`] = arn;
  return {
    form,
    sessionName: compileTemplate(parameters.sessionName),
    makeAws: compileAwsSession(session),
  };
}

/** What is left of the lifetime that was asked for; STS gives no less than 15 minutes. */
function durationSeconds({ parameters, ttlSeconds, issuedAtMs }: Request, nowMs: number): number {
  if (ttlSeconds < DURATION_SECONDS_MIN) {
    throw new CredentialError('backend_misconfigured', 'AWS STS opens no session under 15 minutes.', {
      remedy: 'Ask for 900 seconds or more, and set `ttl` of this resource to at least 15m.',
    });
  }
  const leftSeconds = ttlSeconds - Math.ceil(Math.max(0, nowMs - issuedAtMs) / 1000);
  const wanted = Math.min(leftSeconds, parameters.durationSeconds ?? DURATION_SECONDS_MAX);
  return Math.min(Math.max(wanted, DURATION_SECONDS_MIN), DURATION_SECONDS_MAX);
}

function credentialOf(credentials: StsCredentials, region: string, expiresAtMsMax: number) {
  const expiresAtMs = Math.min(credentials.expiresAtMs, expiresAtMsMax);
  return {
    values: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: new Secret(credentials.secretAccessKey),
      sessionToken: new Secret(credentials.sessionToken),
      region,
      expiration: new Date(expiresAtMs).toISOString(),
    },
    environment: {
      AWS_ACCESS_KEY_ID: 'accessKeyId',
      AWS_SECRET_ACCESS_KEY: 'secretAccessKey',
      AWS_SESSION_TOKEN: 'sessionToken',
      AWS_REGION: 'region',
      AWS_DEFAULT_REGION: 'region',
    },
    expiresAtMs,
  };
}

function checkHandle(handle: Handle, { leaseId, parameters }: Request): void {
  if (handle.tokenId === leaseId && handle.roleArn === parameters.roleArn) return;
  throw new CredentialError('credential_handle_invalid', `The handle is not that of lease ${leaseId}.`);
}

function create(settings: AwsStsSettings, context: CredentialProviderContext) {
  const { signer, clock, fetch } = context;
  const { audience, algorithm, region } = settings;
  const endpoint = endpointOf(settings);
  const preparedOf = createPerParameters(prepare);

  const attemptOf = (request: Request) => {
    const { roleArn, sessionTags, sourceIdentity } = request.parameters;
    const { issuer } = signer;
    const trustPolicy = trustPolicyFor({
      roleArn,
      issuer,
      audience,
      subjects: [subjectOf(request, undefined)],
      sessionTags: sessionTags !== undefined,
      sourceIdentity: sourceIdentity !== undefined,
    });
    return { issuer, audience, roleArn, trustPolicy };
  };

  const signToken = (request: Request) => {
    const { iat, nbf, exp } = tokenTimes(clock.nowMs(), TOKEN_SECONDS);
    const claims = {
      ...workloadClaims(request),
      sub: subjectOf(request, undefined),
      aud: audience,
      iat,
      nbf,
      exp,
      jti: request.leaseId,
      ...preparedOf(request.parameters).makeAws(request),
    };
    return signer.sign(claims, algorithm);
  };

  const issue = async (request: Request, handle: Handle, signal: AbortSignal) => {
    signal.throwIfAborted();
    checkHandle(handle, request);
    const { form, sessionName } = preparedOf(request.parameters);
    const parameters = {
      ...form,
      RoleSessionName: renderAwsName(sessionName, request),
      DurationSeconds: String(durationSeconds(request, clock.nowMs())),
      WebIdentityToken: (await signToken(request)).reveal(),
    };
    const answer = await callSts(fetch, endpoint, parameters, signal);
    if (!answer.ok) throw errorOfFault(answer.fault, attemptOf(request));
    return credentialOf(answer.credentials, region, request.issuedAtMs + request.ttlSeconds * 1000);
  };

  /** A call that must fail: that STS says so shows that it is there. */
  const check = async (signal: AbortSignal) => {
    const problems: string[] = [];
    if (settings.endpoint === undefined && !signer.issuer.startsWith('https://')) {
      problems.push(
        `AWS cannot fetch the keys of ${signer.issuer}: the issuer must be an https URL on the internet.`,
      );
    }
    const parameters = {
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: UNUSED_ROLE_ARN,
      RoleSessionName: 'vouchgate-check',
      WebIdentityToken: 'not-a-token',
    };
    try {
      await callSts(fetch, endpoint, parameters, signal);
    } catch (error) {
      if (!(error instanceof CredentialError)) throw error;
      problems.push(`${error.message} ${error.remedy ?? ''}`.trim());
    }
    return problems;
  };

  return {
    plan: ({ leaseId, parameters: { roleArn } }: Request) => ({ tokenId: leaseId, roleArn }),
    issue,
    check,
    close: async () => {},
  };
}

/** A session of an AWS role, opened with a token of our own issuer. */
export const provider: CredentialProviderKind<AwsStsSettings, AwsStsParameters> = {
  id: 'aws-sts',
  title: 'AWS role session',
  description:
    'Short-lived AWS credentials of an IAM role, by AssumeRoleWithWebIdentity with a token that Vouchgate signs. No AWS key is stored anywhere: the role trusts Vouchgate as an OpenID Connect identity provider, and the session can carry who asked as tags and source identity.',
  settings: AwsStsSettings,
  parameters: AwsStsParameters,
  effect: 'external',
  revocable: false,
  renewable: false,
  stored: false,
  ttlSeconds: { default: 900, min: DURATION_SECONDS_MIN, max: DURATION_SECONDS_MAX },
  issuedTokenType: 'urn:vouchgate:params:oauth:token-type:credential',
  securityConsiderations: [
    'A session cannot be ended before its time. In an emergency, deny everything to sessions of the role that are older than now (`aws:TokenIssueTime`), as the IAM console’s “Revoke active sessions” does; keep sessions short.',
    'AWS counts the duration from its own clock: a session of the minimum of 15 minutes can live a few seconds longer than the lease says.',
    'Let the trust policy compare both `aud` and the whole of `sub`. AWS offers no other claim of a token of ours to trust policies, so the subject holds the ids that matter.',
    'Session tags and source identity come from the signed token only; the role’s trust policy must allow `sts:TagSession` and `sts:SetSourceIdentity`.',
    'The maximum session duration of the role limits the lifetime; assuming a further role from the session limits it to one hour.',
  ],
  create,
};

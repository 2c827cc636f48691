import type { StsRole } from './configuration.ts';
import type { ConditionContext } from './condition.ts';
import { StsFault } from './fault.ts';
import { readRequest } from './request.ts';
import { openSession, type StsSession } from './session.ts';
import { isTrusted, type TrustRequest } from './trust-policy.ts';
import { verifyWebIdentity, type WebIdentity, type WebIdentityContext } from './web-identity.ts';

export interface AssumeRoleContext extends WebIdentityContext {
  roles: readonly StsRole[];
}

/** The issuer without its scheme is the provider's name in IAM, and the prefix of its condition keys. */
const providerNameOf = (issuer: string) => issuer.replace(/^https?:\/\//, '');

function federatedArn(roleArn: string, issuer: string): string {
  const [, partition, , , account] = roleArn.split(':');
  return `arn:${partition}:iam::${account}:oidc-provider/${providerNameOf(issuer)}`;
}

function conditionContext(identity: WebIdentity, sessionName: string): ConditionContext {
  const name = providerNameOf(identity.issuer);
  const entries: [string, readonly string[] | undefined][] = [
    [`${name}:aud`, [identity.audience]],
    [`${name}:sub`, [identity.subject]],
    [`${name}:amr`, identity.amr],
    ['sts:RoleSessionName', [sessionName]],
    ['sts:SourceIdentity', identity.sourceIdentity === undefined ? undefined : [identity.sourceIdentity]],
    ['aws:TagKeys', Object.keys(identity.tags)],
    ['sts:TransitiveTagKeys', identity.transitiveTagKeys],
    ...Object.entries(identity.tags).map(([key, value]): [string, readonly string[]] => [
      `aws:RequestTag/${key}`,
      [value],
    ]),
  ];
  const context = new Map<string, readonly string[]>();
  for (const [key, values] of entries) {
    if (values !== undefined && values.length > 0) context.set(key.toLowerCase(), values);
  }
  return context;
}

/** The actions that this token needs; each must be allowed, else the whole call is refused. */
function actionsOf(identity: WebIdentity): TrustRequest['action'][] {
  const actions: TrustRequest['action'][] = ['sts:AssumeRoleWithWebIdentity'];
  if (Object.keys(identity.tags).length > 0) actions.push('sts:TagSession');
  if (identity.sourceIdentity !== undefined) actions.push('sts:SetSourceIdentity');
  return actions;
}

/** @throws {StsFault} as AWS answers. */
export async function assumeRoleWithWebIdentity(
  form: URLSearchParams,
  context: AssumeRoleContext,
): Promise<StsSession> {
  const request = readRequest(form);
  const identity = await verifyWebIdentity(request.token, context);
  const role = context.roles.find(({ arn }) => arn === request.roleArn);
  const conditions = conditionContext(identity, request.sessionName);
  const federated = federatedArn(request.roleArn, identity.issuer);
  for (const action of actionsOf(identity)) {
    // A role that does not exist is answered like one that does not trust the caller.
    if (role === undefined || !isTrusted(role.trustPolicy, { federated, action, context: conditions })) {
      throw new StsFault('AccessDenied', `Not authorized to perform ${action}`);
    }
  }
  if (role !== undefined && request.durationSeconds > role.maxSessionDurationSeconds) {
    throw new StsFault(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
  return openSession(request, identity, context.clock.nowMs());
}

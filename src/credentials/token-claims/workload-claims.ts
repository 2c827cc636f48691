import type { TemplateRequest } from './template.ts';

/** Relying parties whose clock is behind ours would refuse a token that is valid from this very second. */
const NOT_BEFORE_MARGIN_SECONDS = 30;

/** Claims that stand for themselves in every token of ours: nobody may set them by configuration. */
export const RESERVED_CLAIMS: ReadonlySet<string> = new Set(
  [
    // RFC 7519 §4.1, OpenID Connect Core §2, RFC 8693 §4, RFC 7800, RFC 8417: relying parties act on them.
    'iss sub aud exp nbf iat jti azp nonce acr amr auth_time at_hash c_hash act may_act cnf client_id scope events sid',
    // Our own.
    'provider platform org_id project_id project_path ref commit environment run_id resource decision',
  ].flatMap((names) => names.split(' ')),
);

export interface TokenTimes {
  iat: number;
  nbf: number;
  exp: number;
}

/** Whole seconds, rounded so that the token never lives longer than `ttlSeconds` (RFC 7519 §4.1.4). */
export function tokenTimes(issuedAtMs: number, ttlSeconds: number): TokenTimes {
  const iat = Math.floor(issuedAtMs / 1000);
  return { iat, nbf: iat - NOT_BEFORE_MARGIN_SECONDS, exp: iat + Math.floor(ttlSeconds) };
}

/** Who asked and why: what a relying party may build its own rules on. What is not known is left out. */
export function workloadClaims(request: TemplateRequest): Record<string, string | undefined> {
  const { identity } = request;
  // JSON leaves out undefined members: one object literal is cheaper than ten assignments with a check each.
  return {
    provider: identity.provider,
    platform: identity.platform,
    org_id: identity.org?.id,
    project_id: identity.project?.id,
    project_path: identity.project?.path,
    ref: identity.ref?.full,
    commit: identity.commit,
    environment: identity.environment?.name,
    run_id: identity.run?.id,
    resource: request.resource,
    decision: request.decisionId,
  };
}

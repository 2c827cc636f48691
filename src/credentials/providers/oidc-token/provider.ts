import { z } from 'zod';
import { CredentialError } from '../../credential-error.ts';
import { createPerParameters } from '../../per-parameters.ts';
import type {
  CredentialProviderContext,
  CredentialProviderKind,
  CredentialRequest,
  Handle,
} from '../../provider.ts';
import { AwsSession, compileAwsSession } from '../../token-claims/aws-session.ts';
import { encodeForSubject } from '../../token-claims/encoding.ts';
import { subjectOf } from '../../token-claims/subject.ts';
import { compileTemplate, type TemplateRequest, TemplateText } from '../../token-claims/template.ts';
import { RESERVED_CLAIMS, tokenTimes, workloadClaims } from '../../token-claims/workload-claims.ts';

const EXTRA_CLAIMS_MAX = 30;

const ClaimName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_.:/-]{0,127}$/,
    'A claim name begins with a letter; letters, digits and `_.:/-`.',
  )
  .refine((name) => !RESERVED_CLAIMS.has(name), 'This claim is set by Vouchgate itself.')
  .refine((name) => !name.startsWith('https://aws.amazon.com/'), 'Use `aws` for what AWS reads.');

const ClaimValue = z.union([TemplateText, z.number(), z.boolean(), z.array(z.string().max(512)).max(20)]);

const Settings = z.strictObject({});
type Settings = z.infer<typeof Settings>;

const Parameters = z.strictObject({
  /** One: a token for two relying parties lets each of them act as the workload at the other. */
  audience: z.string().regex(/^[\x21-\x7e]{1,255}$/, 'Printable ASCII characters without spaces.'),
  algorithm: z.enum(['ES256', 'RS256']).default('ES256'),
  subject: TemplateText.refine((source) => !source.includes('~'), 'No `~` in here.').optional(),
  claims: z
    .record(ClaimName, ClaimValue)
    .refine((claims) => Object.keys(claims).length <= EXTRA_CLAIMS_MAX, `At most ${EXTRA_CLAIMS_MAX} claims.`)
    .optional(),
  aws: AwsSession.optional(),
});
type Parameters = z.infer<typeof Parameters>;

type Request = CredentialRequest<Parameters>;
type MakeClaims = (request: TemplateRequest) => Record<string, unknown>;

const asItIs = (value: string) => value;

/**
 * A claim that is one field gives the value as it is; where fixed text stands around it, the value is escaped
 * like in a subject, so that it cannot imitate the text.
 */
function compileClaims(claims: NonNullable<Parameters['claims']>): MakeClaims {
  const makers = Object.entries(claims).map(([name, value]) => {
    if (typeof value !== 'string') return [name, () => value] as const;
    const template = compileTemplate(value);
    const encode = template.single ? asItIs : encodeForSubject;
    return [name, (request: TemplateRequest) => template.render(request, encode)] as const;
  });
  return (request) => Object.fromEntries(makers.map(([name, make]) => [name, make(request)]));
}

function prepare({ audience, algorithm, subject, claims, aws }: Parameters) {
  return {
    audience,
    algorithm,
    subject: subject === undefined ? undefined : compileTemplate(subject),
    makeExtra: claims === undefined ? undefined : compileClaims(claims),
    makeAws: aws === undefined ? undefined : compileAwsSession(aws),
  };
}

function claimsOf(request: Request, prepared: ReturnType<typeof prepare>): Record<string, unknown> {
  const { iat, nbf, exp } = tokenTimes(request.issuedAtMs, request.ttlSeconds);
  const claims: Record<string, unknown> = workloadClaims(request);
  claims.sub = subjectOf(request, prepared.subject);
  claims.aud = prepared.audience;
  claims.iat = iat;
  claims.nbf = nbf;
  claims.exp = exp;
  claims.jti = request.leaseId;
  if (prepared.makeExtra !== undefined) Object.assign(claims, prepared.makeExtra(request));
  if (prepared.makeAws !== undefined) Object.assign(claims, prepared.makeAws(request));
  return claims;
}

function checkHandle(handle: Handle, { leaseId }: Request): void {
  if (handle.tokenId !== leaseId) {
    throw new CredentialError('credential_handle_invalid', `The handle is not that of lease ${leaseId}.`);
  }
}

function create(_: Settings, { signer }: CredentialProviderContext) {
  const preparedOf = createPerParameters(prepare);
  return {
    plan: ({ leaseId }: Request) => ({ tokenId: leaseId }),
    async issue(request: Request, handle: Handle, signal: AbortSignal) {
      signal.throwIfAborted();
      checkHandle(handle, request);
      const prepared = preparedOf(request.parameters);
      const claims = claimsOf(request, prepared);
      const token = await signer.sign(claims, prepared.algorithm);
      const { exp } = tokenTimes(request.issuedAtMs, request.ttlSeconds);
      return { values: { token }, environment: { OIDC_TOKEN: 'token' }, expiresAtMs: exp * 1000 };
    },
    check: async () => [],
    close: async () => {},
  };
}

/** A token of our own issuer. */
export const provider: CredentialProviderKind<Settings, Parameters> = {
  id: 'oidc-token',
  title: 'OIDC token',
  description:
    'A token that Vouchgate signs as an OpenID Connect issuer, for everything that trusts one: Google Cloud, Azure, AWS, Vault, Kubernetes, a service of your own. It says which workload asked, from where, and by which decision.',
  settings: Settings,
  parameters: Parameters,
  effect: 'none',
  revocable: false,
  renewable: false,
  stored: false,
  ttlSeconds: { default: 600, min: 60, max: 3_600 },
  issuedTokenType: 'urn:ietf:params:oauth:token-type:jwt',
  accessTokenField: 'token',
  securityConsiderations: [
    'A token cannot be called back: whoever holds it can use it until it expires. Keep its lifetime short.',
    'Let the relying party compare `aud` and the whole of `sub`; a rule on a prefix of `sub` also fits longer ids.',
    'The subject holds ids, not names: a name can be given up and taken by somebody else.',
    'Values in a subject are percent-encoded, so that no branch or environment can be named to look like another part of it.',
    'The issuer’s key set must be reachable for the relying party; nothing else of Vouchgate has to be.',
  ],
  create,
};

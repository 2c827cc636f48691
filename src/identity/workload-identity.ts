import { z } from 'zod';

const text = z.string().max(2_000);

/**
 * Who a workload is, normalised over all platforms. A field that the platform did not state is absent:
 * absent is never the same as false (ARCHITECTURE, decision 4). Ids are always strings.
 * The shape follows Fulcio's neutral extensions (Source Repository, Build Config, Build Signer…).
 */
export const WorkloadIdentity = z.strictObject({
  /** Name of the identity provider in the configuration, e.g. `github`. */
  provider: text,
  /** Kind of the identity provider: `github-actions`, `gitlab-ci`, `oidc`. */
  platform: text,
  /** `iss`, exactly as signed. */
  issuer: text,
  /** `sub`, exactly as signed. Never parsed. */
  subject: text,
  org: z.strictObject({ id: text.optional(), name: text.optional() }).optional(),
  project: z
    .strictObject({ id: text.optional(), path: text.optional(), visibility: text.optional() })
    .optional(),
  /** `full` as git writes it (`refs/heads/main`). */
  ref: z
    .strictObject({ full: text.optional(), type: text.optional(), protected: z.boolean().optional() })
    .optional(),
  /** The commit whose code the job runs. */
  commit: text.optional(),
  /** What started the run, in the platform's words (`push`, `pull_request`, `merge_request_event`). */
  trigger: text.optional(),
  environment: z.strictObject({ name: text, protected: z.boolean().optional() }).optional(),
  /** The top pipeline definition. */
  config: z.strictObject({ uri: text.optional(), sha: text.optional() }).optional(),
  /** The reusable definition that the job itself comes from, where it is not the top one. */
  callee: z.strictObject({ uri: text.optional(), sha: text.optional() }).optional(),
  runner: z
    .strictObject({ hosting: z.enum(['platform', 'self']).optional(), id: text.optional() })
    .optional(),
  run: z
    .strictObject({
      id: text.optional(),
      attempt: text.optional(),
      job: text.optional(),
      url: text.optional(),
    })
    .optional(),
  actor: z.strictObject({ id: text.optional(), login: text.optional() }).optional(),
  /** True when the code comes from a fork of the project that the run belongs to. */
  forked: z.boolean().optional(),
  /** True when a person has a shell in the job (CircleCI's SSH rerun). */
  interactive: z.boolean().optional(),
  /** Every scalar claim of the token, as text, by its own name; nested claims by dotted path. */
  claims: z.record(text, text),
});
export type WorkloadIdentity = z.infer<typeof WorkloadIdentity>;

/** A verified token: whose it is, and what the replay defence needs to know of it. */
export interface VerifiedToken {
  identity: WorkloadIdentity;
  /** `jti` where the platform gives one. */
  tokenId: string | undefined;
  /**
   * SHA-256 over the JWS signing input, base64url: the replay key where there is no `jti`. Not over the
   * signature: any holder of an ECDSA-signed token can compute a second valid one.
   */
  tokenDigest: string;
  issuedAtSeconds: number;
  expiresAtSeconds: number;
}

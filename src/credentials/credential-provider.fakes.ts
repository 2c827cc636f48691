import { AppError } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { TokenSigner } from './issuer/token-signer.ts';
import type { CredentialProviderContext, CredentialRequest } from './provider.ts';

/** 2026-11-01, half past twelve and a little. */
export const EXAMPLE_NOW_MS = Date.UTC(2026, 10, 1, 12, 30, 0, 417);

export const exampleIdentity: WorkloadIdentity = {
  provider: 'github',
  platform: 'github-actions',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:acme/shop:environment:production',
  org: { id: '123456', name: 'acme' },
  project: { id: '456789', path: 'acme/shop', visibility: 'private' },
  ref: { full: 'refs/heads/main', type: 'branch', protected: true },
  commit: '0123456789abcdef0123456789abcdef01234567',
  trigger: 'push',
  environment: { name: 'production' },
  run: { id: '9876543210', attempt: '1' },
  actor: { id: '42', login: 'dependabot[bot]' },
  claims: {},
};

/** A request as the broker makes it, for tests of providers. */
export function exampleRequest<Parameters extends object>(
  parameters: Parameters,
  overrides: Partial<CredentialRequest<Parameters>> = {},
): CredentialRequest<Parameters> {
  return {
    leaseId: 'lse_01JBK5Z0000000000000000001',
    decisionId: 'dec_01JBK5Z0000000000000000001',
    identity: exampleIdentity,
    principalId: 'github/repo:acme/shop:environment:production',
    resource: 'shop',
    parameters,
    ttlSeconds: 900,
    issuedAtMs: EXAMPLE_NOW_MS,
    ...overrides,
  };
}

/** Keeps everything that was logged, as the text that would have been written. */
export function createRecordingLogger(): Logger & { lines: string[] } {
  const lines: string[] = [];
  const record =
    (level: string): Logger['info'] =>
    (event, fields = {}) => {
      const printable = Object.entries(fields).map(([name, value]) => [
        name,
        value instanceof Error ? `${value.message} ${value.stack}` : value,
      ]);
      lines.push(JSON.stringify({ level, event, ...Object.fromEntries(printable) }));
    };
  return {
    lines,
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
  };
}

function encodePart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A signer whose tokens can be read but verify nowhere; it refuses the claim that the real one refuses. */
export function createFakeSigner(issuer = 'https://vouchgate.acme.example'): TokenSigner {
  let count = 0;
  return {
    issuer,
    async sign(claims, algorithm) {
      if ('iss' in claims) throw new TypeError('`iss` is set by the issuer.');
      count += 1;
      const payload = encodePart({ iss: issuer, ...claims });
      return new Secret(`${encodePart({ alg: algorithm, typ: 'JWT' })}.${payload}.${encodePart({ count })}`);
    },
  };
}

/** A context in which whatever a test does not bring is out of reach. */
export function createTestContext(
  overrides: Partial<CredentialProviderContext> = {},
): CredentialProviderContext {
  return {
    clock: { nowMs: () => EXAMPLE_NOW_MS },
    log: createRecordingLogger(),
    fetch: async (url) => {
      throw new AppError('fetch_failed', `Nothing answers at ${url}.`);
    },
    signer: createFakeSigner(),
    sealedSecrets: { read: async () => undefined },
    resolveSecret: async () => {
      throw new AppError('reference_unknown', 'This test has no secret references.');
    },
    ...overrides,
  };
}

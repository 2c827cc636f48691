import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '#core/secret.ts';
import { CredentialError } from './credential-error.ts';
import { createRecordingLogger, exampleRequest } from './credential-provider.fakes.ts';
import type {
  CredentialProvider,
  CredentialProviderContext,
  CredentialProviderKind,
  CredentialRequest,
  Handle,
  IssuedCredential,
} from './provider.ts';

/** One provider with its back-end, made anew for each test. */
export interface CredentialProviderSetting {
  /** As they stand in the configuration, before the schemas. */
  settings: Readonly<Record<string, unknown>>;
  parameters: Readonly<Record<string, unknown>>;
  /** `log` is replaced by one that records. */
  context: CredentialProviderContext;
  /** Secrets that the back-end or the configuration holds: they must be in no text, as what is issued must not. */
  canaries?: readonly string[];
  /** Makes the back-end unreachable; needed where issuing has an external effect. */
  takeDown?: () => Promise<void>;
  close?: () => Promise<void>;
}

export interface CredentialProviderHarness {
  open: () => Promise<CredentialProviderSetting>;
  /** Wall-clock bound of one call, also when the back-end is down. */
  timeoutMs?: number;
}

const SENTENCE = /^\p{L}.*[.!?`”)}]$/su;

function secretsOf({ values }: IssuedCredential): string[] {
  return Object.values(values).flatMap((value) => (value instanceof Secret ? [value.reveal()] : []));
}

/** All the ways in which a value is printed by accident. */
function printed(value: unknown): string {
  const asError = value instanceof Error ? `${value.message} ${value.stack} ${String(value)}` : '';
  return `${inspect(value, { depth: 20, showHidden: true })} ${JSON.stringify(value)} ${asError}`;
}

function expectNothingIn(texts: readonly unknown[], canaries: readonly string[]): void {
  const all = texts.map(printed).join('\n');
  for (const canary of canaries) {
    // Plainly a boolean, so that a failing test does not print the secret either.
    expect(all.includes(canary), 'a secret was printed').toBe(false);
  }
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return undefined;
}

/**
 * What every kind of credential must do, whatever stands behind it. Call it in `provider.test.ts` of the kind.
 */
export function describeCredentialProvider<Settings extends object, Parameters extends object>(
  kind: CredentialProviderKind<Settings, Parameters>,
  harness: CredentialProviderHarness,
): void {
  const signal = () => AbortSignal.timeout(harness.timeoutMs ?? 10_000);

  describe(`the credential provider ${kind.id}`, () => {
    let setting: CredentialProviderSetting;
    let provider: CredentialProvider<Parameters>;
    let log: ReturnType<typeof createRecordingLogger>;
    let request: CredentialRequest<Parameters>;

    const issue = async (of: CredentialRequest<Parameters> = request) => {
      const handle = provider.plan(of);
      return { handle, credential: await provider.issue(of, handle, signal()) };
    };

    beforeEach(async () => {
      setting = await harness.open();
      log = createRecordingLogger();
      provider = kind.create(kind.settings.parse(setting.settings), { ...setting.context, log });
      request = exampleRequest(kind.parameters.parse(setting.parameters), {
        issuedAtMs: setting.context.clock.nowMs(),
        ttlSeconds: kind.ttlSeconds.default,
      });
    });

    afterEach(async () => {
      await provider.close();
      await setting.close?.();
    });

    it('describes itself: id, lifetimes that fit, and what to beware of', () => {
      expect(kind.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      const { min, default: usual, max } = kind.ttlSeconds;
      expect(min).toBeGreaterThan(0);
      expect(usual).toBeGreaterThanOrEqual(min);
      expect(max).toBeGreaterThanOrEqual(usual);
      expect(kind.issuedTokenType).toMatch(/^urn:/);
      expect(kind.securityConsiderations.length).toBeGreaterThan(0);
      for (const text of [kind.description, ...kind.securityConsiderations]) expect(text).toMatch(SENTENCE);
    });

    it('offers to renew and to revoke exactly where it says so', () => {
      expect(provider.renew !== undefined).toBe(kind.renewable);
      expect(provider.revoke !== undefined).toBe(kind.revocable);
    });

    it('refuses settings and parameters that it does not know', () => {
      const unknown = { unknownMember: true };
      expect(kind.settings.safeParse({ ...setting.settings, ...unknown }).success).toBe(false);
      expect(kind.parameters.safeParse({ ...setting.parameters, ...unknown }).success).toBe(false);
    });

    it('plans the same for the same lease and another for another, as plain JSON', () => {
      const handle: Handle = provider.plan(request);
      expect(provider.plan({ ...request })).toEqual(handle);
      expect(JSON.parse(JSON.stringify(handle))).toEqual(handle);
      for (const value of Object.values(handle))
        expect(['string', 'number', 'boolean']).toContain(typeof value);
    });

    it('issues a credential whose names and times are in order', async () => {
      const { credential } = await issue();
      expect(credential.expiresAtMs).toBeLessThanOrEqual(request.issuedAtMs + request.ttlSeconds * 1000);
      expect(credential.expiresAtMs).toBeGreaterThan(request.issuedAtMs);
      expect(secretsOf(credential).length, 'something in it is secret').toBeGreaterThan(0);
      for (const [variable, field] of Object.entries(credential.environment)) {
        expect(variable).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
        expect(Object.keys(credential.values)).toContain(field);
      }
      if (kind.accessTokenField !== undefined) {
        expect(credential.values[kind.accessTokenField]).toBeInstanceOf(Secret);
      }
    });

    it('issues again for the same handle, when the first answer was lost', async () => {
      const { handle } = await issue();
      const again = await provider.issue(request, handle, signal());
      expect(secretsOf(again).length).toBeGreaterThan(0);
      expect(again.expiresAtMs).toBeLessThanOrEqual(request.issuedAtMs + request.ttlSeconds * 1000);
    });

    it('issues for many at once', async () => {
      const requests = Array.from({ length: 8 }, (_, index) => ({
        ...request,
        leaseId: `lse_01JBK5Z000000000000000001${index}`,
      }));
      const issued = await Promise.all(requests.map((one) => issue(one)));
      expect(issued).toHaveLength(8);
      await Promise.all(issued.map(async ({ handle }) => provider.revoke?.(handle, signal())));
    });

    it('prints no secret, wherever one looks', async () => {
      const { handle, credential } = await issue();
      const foreign: Handle = { unknown: 'handle' };
      const refused = await failureOf(provider.issue(request, foreign, signal()));
      const canaries = [...secretsOf(credential), ...(setting.canaries ?? [])];
      expectNothingIn(
        [handle, credential, refused, provider, log.lines, await provider.check(signal())],
        canaries,
      );
    });

    it('refuses a handle that it did not plan', async () => {
      const refused = await failureOf(provider.issue(request, { unknown: 'handle' }, signal()));
      expect(refused).toBeInstanceOf(CredentialError);
      expect(refused).toMatchObject({ code: 'credential_handle_invalid' });
    });

    it('does nothing once it was told to stop', async () => {
      const handle = provider.plan(request);
      expect(await failureOf(provider.issue(request, handle, AbortSignal.abort()))).toBeInstanceOf(Error);
    });

    if (kind.revocable) {
      it('revokes twice, and what never was', async () => {
        const { handle } = await issue();
        await provider.revoke?.(handle, signal());
        await provider.revoke?.(handle, signal());
        const never = provider.plan({ ...request, leaseId: 'lse_01JBK5Z0000000000000000099' });
        await provider.revoke?.(never, signal());
      });
    }

    it('finds nothing to complain of when all is well', async () => {
      expect(await provider.check(signal())).toEqual([]);
    });

    if (kind.effect === 'external') {
      it('says in sentences, and as an error with a code, that its back-end is down', async () => {
        if (setting.takeDown === undefined) throw new Error('This kind has a back-end: give `takeDown`.');
        await setting.takeDown();
        const problems = await provider.check(signal());
        expect(problems.length).toBeGreaterThan(0);
        for (const problem of problems) expect(problem).toMatch(SENTENCE);
        const failure = await failureOf(issue());
        expect(failure).toBeInstanceOf(CredentialError);
        expect(failure).toMatchObject({ code: 'backend_unavailable' });
        expectNothingIn([failure, problems, log.lines], setting.canaries ?? []);
      });
    }

    it('can be closed twice', async () => {
      await provider.close();
      await provider.close();
    });
  });
}

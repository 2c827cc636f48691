import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import { AppError } from '#core/errors.ts';
import { Secret } from '#core/secret.ts';
import { describeCredentialProvider } from '../../credential-provider.contract.ts';
import { createTestContext, exampleRequest } from '../../credential-provider.fakes.ts';
import {
  AUDIENCE,
  ROLE_ARN,
  startStsHarness,
  type StsHarness,
} from '../../emulator/sts/sts-emulator.harness.ts';
import { provider as kind } from './provider.ts';
import { trustPolicyFor } from './trust-policy.ts';

const SUBJECT = 'provider:github:org:123456:project:456789:environment:production';
const SESSION = {
  sessionTags: { repository: '${project.path}', run: '${run.id}' },
  transitiveTagKeys: ['repository'],
  sourceIdentity: '${actor.login}',
};

type Trust = Partial<Parameters<typeof trustPolicyFor>[0]>;

/** The emulator trusts exactly what {@link trustPolicyFor} says: the two are tests of each other. */
const startHarness = (trust: Trust = {}) =>
  startStsHarness((providerName) => {
    const { Version, Statement } = trustPolicyFor({
      roleArn: ROLE_ARN,
      issuer: `http://${providerName}`,
      audience: AUDIENCE,
      subjects: [SUBJECT],
      sessionTags: true,
      sourceIdentity: true,
      ...trust,
    });
    return JSON.parse(JSON.stringify({ Version, Statement }));
  });

const contextOf = ({ clock, fetch, keyRing }: StsHarness) =>
  createTestContext({ clock, fetch, signer: keyRing });
const settingsOf = ({ emulator }: StsHarness) => ({ region: 'eu-central-1', endpoint: emulator.url });

describeCredentialProvider(kind, {
  async open() {
    const harness = await startHarness();
    return {
      settings: settingsOf(harness),
      parameters: { roleArn: ROLE_ARN, ...SESSION },
      context: contextOf(harness),
      takeDown: () => harness.emulator.close(),
      close: () => harness.close(),
    };
  },
});

const harnesses: StsHarness[] = [];
afterEach(async () => {
  await Promise.all(harnesses.splice(0).map((harness) => harness.close()));
});

async function setUp(trust: Trust = {}) {
  const harness = await startHarness(trust);
  harnesses.push(harness);
  return harness;
}

function issueBy(
  harness: StsHarness,
  parameters: Record<string, unknown> = {},
  {
    fetch = harness.fetch,
    settings = {},
    ...overrides
  }: Record<string, unknown> & { fetch?: BoundedFetch } = {},
) {
  const all = { ...settingsOf(harness), ...Object(settings) };
  const provider = kind.create(kind.settings.parse(all), { ...contextOf(harness), fetch });
  const parsed = kind.parameters.parse({ roleArn: ROLE_ARN, ...parameters });
  const request = { ...exampleRequest(parsed), issuedAtMs: harness.clock.now, ...overrides };
  return provider.issue(request, provider.plan(request), AbortSignal.timeout(5_000));
}

describe('a session of an AWS role', () => {
  it.each(['RS256', 'ES256'] as const)(
    'is opened with a token of ours, signed with %s',
    async (algorithm) => {
      const harness = await setUp();
      const { values, environment, expiresAtMs } = await issueBy(harness, SESSION, {
        settings: { algorithm },
      });
      expect(environment).toMatchObject({ AWS_ACCESS_KEY_ID: 'accessKeyId', AWS_REGION: 'region' });
      expect(values).toMatchObject({ region: 'eu-central-1', secretAccessKey: expect.any(Secret) });
      expect(expiresAtMs).toBe(Math.floor(harness.clock.now / 1000) * 1000 + 900_000);
      expect(harness.emulator.sessions()).toEqual([
        expect.objectContaining({
          accessKeyId: values.accessKeyId,
          sessionName: 'vouchgate-dec_01JBK5Z0000000000000000001',
          subject: SUBJECT,
          tags: { repository: 'acme/shop', run: '9876543210' },
          transitiveTagKeys: ['repository'],
          sourceIdentity: 'dependabot=5Bbot=5D',
        }),
      ]);
    },
  );

  it('is narrowed by session policies', async () => {
    const harness = await setUp();
    const inlinePolicy = '{"Version":"2012-10-17","Statement":[]}';
    const policyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::123456789012:policy/ci'];
    await issueBy(harness, { inlinePolicy, policyArns });
    expect(harness.emulator.sessions()[0]).toMatchObject({ policy: inlinePolicy, policyArns });
  });

  it.each([
    [3_600, {}, 3_600],
    [3_600, { durationSeconds: 1_200 }, 1_200],
    [900, { durationSeconds: 3_600 }, 900],
  ])('asked for %i s with %j lives %i s', async (ttlSeconds, parameters, expectedSeconds) => {
    const harness = await setUp();
    await issueBy(harness, parameters, { ttlSeconds });
    const endsAtMs = Math.floor(harness.clock.now / 1000 + expectedSeconds) * 1000;
    expect(harness.emulator.sessions()[0]?.expiresAtMs).toBe(endsAtMs);
  });

  it('does not outlive what was asked for when it is opened late', async () => {
    const harness = await setUp();
    const issuedAtMs = harness.clock.now - 20_000;
    const { expiresAtMs } = await issueBy(harness, {}, { ttlSeconds: 3_600, issuedAtMs });
    expect(expiresAtMs).toBeLessThanOrEqual(issuedAtMs + 3_600_000);
    expect(harness.emulator.sessions()[0]?.expiresAtMs).toBeLessThanOrEqual(issuedAtMs + 3_600_000);
  });

  it('is not opened for less than AWS can do', async () => {
    const harness = await setUp();
    await expect(issueBy(harness, {}, { ttlSeconds: 899 })).rejects.toMatchObject({
      code: 'backend_misconfigured',
    });
    expect(harness.emulator.sessions()).toEqual([]);
  });
});

describe('when AWS refuses', () => {
  it('says what the trust policy must be', async () => {
    const harness = await setUp({ subjects: ['provider:github:org:1:project:2'] });
    const error: unknown = await issueBy(harness).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'backend_refused', location: ROLE_ARN });
    const remedy = error instanceof AppError ? (error.remedy ?? '') : '';
    const { Statement } = JSON.parse(remedy.slice(remedy.indexOf('{')));
    expect(Statement[0]).toMatchObject({
      Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${harness.providerName}` },
      Action: ['sts:AssumeRoleWithWebIdentity'],
      Condition: { StringEquals: { [`${harness.providerName}:sub`]: SUBJECT } },
    });
  });

  it.each([
    ['sts:TagSession', { sessionTags: false }],
    ['sts:SetSourceIdentity', { sourceIdentity: false }],
  ])('the missing action %s is named', async (action, trust) => {
    const harness = await setUp(trust);
    await expect(issueBy(harness, SESSION)).rejects.toMatchObject({
      code: 'backend_refused',
      message: expect.stringContaining(action),
    });
  });

  it('another audience points at the identity provider in IAM', async () => {
    const harness = await setUp();
    await expect(issueBy(harness, {}, { settings: { audience: 'other' } })).rejects.toMatchObject({
      code: 'backend_misconfigured',
      remedy: expect.stringContaining('list the audience other'),
    });
  });

  it('a duration beyond that of the role is an error of the configuration', async () => {
    const harness = await setUp();
    await expect(issueBy(harness, {}, { ttlSeconds: 7_200 })).rejects.toMatchObject({
      code: 'backend_misconfigured',
      message: expect.stringContaining('MaxSessionDuration'),
    });
  });

  it('its own trouble in reaching us is retried, and named', async () => {
    const harness = await setUp();
    await harness.stopIssuer();
    let calls = 0;
    const fetch: BoundedFetch = (url, request) => {
      calls += 1;
      return harness.fetch(url, request);
    };
    await expect(issueBy(harness, {}, { fetch })).rejects.toMatchObject({
      code: 'backend_unavailable',
      message: expect.stringContaining('IDPCommunicationError'),
    });
    expect(calls).toBe(3);
  });
});

const answering =
  (status: number, body: string): BoundedFetch =>
  async () => ({ status, headers: {}, body });

describe('answers that are not what they should be', () => {
  it.each([
    [200, '', 'backend_misconfigured'],
    [200, '{}', 'backend_misconfigured'],
    [200, '<html>Sign in</html>', 'backend_misconfigured'],
    [302, '', 'backend_misconfigured'],
    [403, '<html>proxy</html>', 'backend_misconfigured'],
    [503, '', 'backend_unavailable'],
    [400, '{"Error":{"Code":"Throttling","Message":"Rate exceeded"}}', 'backend_unavailable'],
    [403, '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>', 'backend_refused'],
    [400, '{"Error":{"Code":"ExpiredTokenException","Message":null}}', 'backend_misconfigured'],
  ])('status %i with %j is %s', async (status, body, code) => {
    const harness = await setUp();
    await expect(issueBy(harness, {}, { fetch: answering(status, body) })).rejects.toMatchObject({ code });
  });

  it('are read in XML too', async () => {
    const harness = await setUp();
    const body =
      '<AssumeRoleWithWebIdentityResponse><Credentials><AccessKeyId>ASIAEXAMPLE0EXAMPLE0</AccessKeyId><SecretAccessKey>a&amp;b</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-11-01T12:40:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResponse>';
    const { values, expiresAtMs } = await issueBy(harness, {}, { fetch: answering(200, body) });
    expect(values.secretAccessKey instanceof Secret && values.secretAccessKey.reveal()).toBe('a&b');
    expect(expiresAtMs).toBe(Date.UTC(2026, 10, 1, 12, 40));
  });

  it('do not make a lease longer than what was asked for', async () => {
    const harness = await setUp();
    const Credentials = {
      AccessKeyId: 'ASIAEXAMPLE0EXAMPLE0',
      SecretAccessKey: 'x',
      SessionToken: 't',
      Expiration: harness.clock.now / 1000 + 43_200,
    };
    const body = JSON.stringify({
      AssumeRoleWithWebIdentityResponse: { AssumeRoleWithWebIdentityResult: { Credentials } },
    });
    const { values, expiresAtMs } = await issueBy(harness, {}, { fetch: answering(200, body) });
    expect(expiresAtMs).toBe(harness.clock.now + 900_000);
    expect(values.expiration).toBe(new Date(expiresAtMs).toISOString());
  });

  it('never carry our token into an error, though STS quotes it', async () => {
    const harness = await setUp();
    let token = '';
    const fetch: BoundedFetch = async (_, { body }) => {
      token = new URLSearchParams(String(body)).get('WebIdentityToken') ?? '';
      const Message = `Value '${token}' at 'webIdentityToken' failed to satisfy constraint\nforged line`;
      return {
        status: 400,
        headers: {},
        body: JSON.stringify({ Error: { Code: 'ValidationError', Message } }),
      };
    };
    const error: unknown = await issueBy(harness, {}, { fetch }).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'backend_misconfigured' });
    const printed = inspect(error, { depth: 10 });
    expect(token.length).toBeGreaterThan(100);
    expect(printed.includes(token.slice(-40)) || printed.includes(token.slice(0, 40))).toBe(false);
    expect(printed).not.toContain('\nforged');
  });

  it('stop at once when the time is over', async () => {
    const harness = await setUp();
    const controller = new AbortController();
    const fetch: BoundedFetch = async () => {
      controller.abort();
      return { status: 503, headers: {}, body: '' };
    };
    const provider = kind.create(kind.settings.parse(settingsOf(harness)), { ...contextOf(harness), fetch });
    const request = exampleRequest(kind.parameters.parse({ roleArn: ROLE_ARN }));
    const issuing = provider.issue(request, provider.plan(request), controller.signal);
    await expect(issuing).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the check', () => {
  it('complains of an issuer that AWS cannot reach', async () => {
    const harness = await setUp();
    const provider = kind.create(kind.settings.parse({ region: 'eu-central-1' }), {
      ...contextOf(harness),
      fetch: async () => ({ status: 400, headers: {}, body: '{"Error":{"Code":"InvalidIdentityToken"}}' }),
    });
    const problems = await provider.check(AbortSignal.timeout(5_000));
    expect(problems).toEqual([expect.stringContaining('must be an https URL')]);
  });
});

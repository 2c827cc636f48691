import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StsEmulatorConfiguration } from './configuration.ts';
import { AUDIENCE, ROLE_ARN, startStsHarness, type StsHarness } from './sts-emulator.harness.ts';

const SUBJECT = 'provider:github:org:1:project:2:environment:production';

function trustFor(providerName: string) {
  const principal = { Federated: `arn:aws:iam::123456789012:oidc-provider/${providerName}` };
  return {
    Version: '2012-10-17' as const,
    Statement: [
      {
        Effect: 'Allow' as const,
        Principal: principal,
        Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
        Condition: {
          StringEquals: { [`${providerName}:aud`]: AUDIENCE },
          StringLike: { [`${providerName}:sub`]: 'provider:github:org:1:*' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'run'] },
        },
      },
      {
        Effect: 'Allow' as const,
        Principal: principal,
        Action: 'sts:SetSourceIdentity',
        Condition: { StringLike: { 'sts:SourceIdentity': 'acme-*' } },
      },
      {
        Effect: 'Deny' as const,
        Principal: '*' as const,
        Action: 'sts:*',
        Condition: { StringLike: { [`${providerName}:sub`]: '*:environment:forbidden' } },
      },
    ],
  };
}

let harness: StsHarness;
beforeAll(async () => {
  harness = await startStsHarness(trustFor);
});
afterAll(() => harness.close());

const nowSeconds = () => Math.floor(harness.clock.now / 1000);

function claimsWith(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const iat = nowSeconds();
  return { sub: SUBJECT, aud: AUDIENCE, iat, nbf: iat, exp: iat + 300, ...changes };
}

async function tokenWith(changes: Record<string, unknown> = {}): Promise<string> {
  return (await harness.keyRing.sign(claimsWith(changes), 'ES256')).reveal();
}

interface Sent {
  token?: string;
  parameters?: Record<string, string>;
  body?: string;
  accept?: string;
  contentType?: string;
}

async function send({ token, parameters, body, accept = 'application/json', contentType }: Sent) {
  const form = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: ROLE_ARN,
    RoleSessionName: 'session',
    WebIdentityToken: token ?? (await tokenWith()),
    ...parameters,
  });
  const response = await fetch(harness.emulator.url, {
    method: 'POST',
    headers: { accept, 'content-type': contentType ?? 'application/x-www-form-urlencoded' },
    body: body ?? form.toString(),
    signal: AbortSignal.timeout(5_000),
  });
  return { status: response.status, text: await response.text() };
}

/** The error code, or `OK`. */
async function outcomeOf(sent: Sent): Promise<string> {
  const { text } = await send(sent);
  return /"Code":"(\w+)"/.exec(text)?.[1] ?? 'OK';
}

const principalTags = (tags: Record<string, unknown>, more: object = {}) => ({
  'https://aws.amazon.com/tags': { principal_tags: tags, ...more },
});

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the STS emulator', () => {
  it('opens a session and remembers what AWS would know of it', async () => {
    const token = await tokenWith({
      ...principalTags({ team: ['shop'], run: ['7'] }, { transitive_tag_keys: ['team'] }),
      'https://aws.amazon.com/source_identity': 'acme-bot',
    });
    const { status, text } = await send({ token, parameters: { DurationSeconds: '900' } });
    expect(status).toBe(200);
    const { AssumeRoleWithWebIdentityResponse: response } = JSON.parse(text);
    const { Credentials, ...result } = response.AssumeRoleWithWebIdentityResult;
    expect(Credentials.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(Credentials.Expiration).toBe(nowSeconds() + 900);
    expect(result).toMatchObject({
      SubjectFromWebIdentityToken: SUBJECT,
      Audience: AUDIENCE,
      SourceIdentity: 'acme-bot',
      AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/deploy/session' },
    });
    expect(harness.emulator.sessions().at(-1)).toMatchObject({
      accessKeyId: Credentials.AccessKeyId,
      subject: SUBJECT,
      tags: { team: 'shop', run: '7' },
      transitiveTagKeys: ['team'],
      sourceIdentity: 'acme-bot',
    });
  });

  it('answers in XML unless asked for JSON', async () => {
    const good = await send({ accept: '*/*' });
    expect(good.text).toMatch(
      /^<AssumeRoleWithWebIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\//,
    );
    expect(good.text).toMatch(/<Expiration>2026-11-01T13:30:00Z<\/Expiration>/);
    const bad = await send({ token: 'a.b.c', accept: '*/*' });
    expect(bad.text).toMatch(/^<ErrorResponse.*<Type>Sender<\/Type><Code>InvalidIdentityToken<\/Code>/);
    expect(bad.status).toBe(400);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['ExpiredTokenException', 'expired', { exp: -6 }],
    ['InvalidIdentityToken', 'not yet valid', { nbf: 60 }],
    ['InvalidIdentityToken', 'issued in the future', { iat: 60, nbf: 0 }],
    ['OK', 'within the leeway', { iat: 3 }],
  ])('answers %s to a token that is %s', async (expected, _, offsets) => {
    const times = Object.entries(offsets).map(([name, offset]) => [name, nowSeconds() + Number(offset)]);
    expect(await outcomeOf({ token: await tokenWith(Object.fromEntries(times)) })).toBe(expected);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['InvalidIdentityToken', 'for another audience', { aud: 'sigstore' }],
    ['InvalidIdentityToken', 'for two audiences', { aud: [AUDIENCE, 'x'] }],
    ['OK', 'for a list of one audience', { aud: [AUDIENCE] }],
    ['InvalidIdentityToken', 'for an unknown authorised party', { azp: 'x' }],
    ['InvalidIdentityToken', 'without a subject', { sub: undefined }],
    ['InvalidIdentityToken', 'without iat', { iat: undefined }],
    ['InvalidIdentityToken', 'without exp', { exp: undefined }],
    ['AccessDenied', 'of another org', { sub: 'provider:github:org:12:project:2' }],
    [
      'AccessDenied',
      'denied though allowed',
      { sub: 'provider:github:org:1:project:2:environment:forbidden' },
    ],
    ['AccessDenied', 'with a tag that is not allowed', principalTags({ other: ['x'] })],
    ['InvalidIdentityToken', 'with a tag of two values', principalTags({ team: ['a', 'b'] })],
    ['InvalidIdentityToken', 'with a tag that is no list', principalTags({ team: 'a' })],
    [
      'InvalidIdentityToken',
      'with a transitive tag that is not there',
      principalTags({}, { transitive_tag_keys: ['x'] }),
    ],
    ['AccessDenied', 'with another source identity', { 'https://aws.amazon.com/source_identity': 'evil' }],
    [
      'InvalidIdentityToken',
      'with a malformed source identity',
      { 'https://aws.amazon.com/source_identity': 'a b' },
    ],
  ])('answers %s to a token %s', async (expected, _, changes) => {
    expect(await outcomeOf({ token: await tokenWith(changes) })).toBe(expected);
  });

  it('refuses tokens whose signature is not the issuer’s', async () => {
    const [header, payload, signature = ''] = (await tokenWith()).split('.');
    const [jwk] = harness.keyRing.jwks().keys;
    const claims = { iss: harness.issuer, ...claimsWith() };
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const foreign = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: jwk?.kid ?? '' });
    const confused = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: jwk?.kid ?? '' });
    const forged = [
      `${header}.${encode({ ...claims, sub: `${SUBJECT}x` })}.${signature}`,
      `${encode({ alg: 'none' })}.${payload}.`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -4)}`,
      await foreign.sign(privateKey),
      await confused.sign(Buffer.from(JSON.stringify(jwk))),
      'not a token',
    ];
    for (const token of forged) expect(await outcomeOf({ token })).toBe('InvalidIdentityToken');
  });

  it('refuses issuers that were not set up', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwt = new SignJWT({ ...claimsWith(), iss: `${harness.issuer}/` }).setProtectedHeader({
      alg: 'ES256',
    });
    expect(await outcomeOf({ token: await jwt.sign(privateKey) })).toBe('InvalidIdentityToken');
  });

  it.each<[string, string, Record<string, string>]>([
    ['ValidationError', 'a session name that is too short', { RoleSessionName: 'x' }],
    ['ValidationError', 'a session name with a space', { RoleSessionName: 'a b' }],
    ['ValidationError', 'a session name that is too long', { RoleSessionName: 'x'.repeat(65) }],
    ['ValidationError', 'a duration that is too short', { DurationSeconds: '899' }],
    ['ValidationError', 'a duration that is too long', { DurationSeconds: '43201' }],
    ['ValidationError', 'more than the role allows', { DurationSeconds: '3601' }],
    ['OK', 'as much as the role allows', { DurationSeconds: '3600' }],
    ['ValidationError', 'a duration that is no number', { DurationSeconds: '1e3' }],
    ['ValidationError', 'a token that is too long', { WebIdentityToken: 'x'.repeat(20_001) }],
    ['ValidationError', 'tags outside of the token', { 'Tags.member.1.Key': 'team' }],
    ['ValidationError', 'a source identity outside of the token', { SourceIdentity: 'acme-bot' }],
    ['ValidationError', 'a policy that is none', { 'PolicyArns.member.1.arn': 'admin' }],
    ['OK', 'a managed policy', { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    ['MalformedPolicyDocument', 'a policy that is not JSON', { Policy: '{' }],
    ['MalformedPolicyDocument', 'a policy without statements', { Policy: '{}' }],
    ['PackedPolicyTooLarge', 'a policy that is too long', { Policy: 'x'.repeat(2_049) }],
    ['AccessDenied', 'a role that does not exist', { RoleArn: `${ROLE_ARN}2` }],
    [
      'AccessDenied',
      'a role of another account',
      { RoleArn: ROLE_ARN.replace('123456789012', '123456789013') },
    ],
    ['InvalidParameterCombination', 'a provider id', { ProviderId: 'graph.example.com' }],
    ['InvalidAction', 'another action', { Action: 'AssumeRole' }],
    ['InvalidAction', 'another version', { Version: '2010-01-01' }],
  ])('answers %s to %s', async (expected, _, parameters) => {
    expect(await outcomeOf({ parameters })).toBe(expected);
  });

  it('refuses parameters that are given twice, other bodies and long ones', async () => {
    const body = 'Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=a&RoleArn=b';
    expect(await outcomeOf({ body })).toBe('MalformedQueryString');
    expect(await outcomeOf({ contentType: 'application/json' })).toBe('MalformedQueryString');
    expect(await outcomeOf({ body: `x=${'y'.repeat(65_536)}` })).toBe('MalformedQueryString');
  });

  it('survives arbitrary bytes', async () => {
    for (let length = 0; length < 60; length += 1) {
      const { status } = await send({ body: randomBytes(length).toString('latin1') });
      expect(status).toBe(400);
    }
  });
});

const configurationWith = (statement: object) =>
  StsEmulatorConfiguration.safeParse({
    providers: [{ issuer: 'https://a.example', audiences: ['x'] }],
    roles: [
      {
        arn: ROLE_ARN,
        trustPolicy: {
          Statement: {
            Effect: 'Allow',
            Principal: '*',
            Action: 'sts:AssumeRoleWithWebIdentity',
            ...statement,
          },
        },
      },
    ],
  });

describe('the emulator’s configuration', () => {
  it('takes policies as IAM does, with one statement or many', () => {
    expect(configurationWith({}).success).toBe(true);
    expect(configurationWith({ Condition: { StringLike: { 'a.example:sub': 'x*' } } }).success).toBe(true);
  });

  it.each([
    ['members that would be skipped', { NotAction: 'x' }],
    ['a resource, as AWS does', { Resource: '*' }],
    ['operators that are not emulated', { Condition: { DateLessThan: { 'aws:CurrentTime': 'x' } } }],
    ['quantifiers of another kind', { Condition: { 'ForSomeValues:StringEquals': { a: 'x' } } }],
    ['policy variables', { Condition: { StringEquals: { a: '${aws:username}' } } }],
    ['principals of another kind', { Principal: { Everybody: '*' } }],
  ])('refuses %s', (_, statement) => {
    expect(configurationWith(statement).success).toBe(false);
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AUDIENCE,
  ROLE_ARN,
  startStsHarness,
  type StsHarness,
} from '#credentials/emulator/sts/sts-emulator.harness.ts';
import type { Binding } from '../../bind/binding.ts';
import { readIdentity } from '../../bind/repository-identity.ts';
import type { SubjectForm } from '../../bind/subjects.ts';
import { awsTrustPolicy } from './trust-policy.ts';

const ACCOUNT = '123456789012';
const identity = {
  ...readIdentity('', undefined),
  owner: 'acme',
  name: 'shop',
  ownerId: '123456',
  repositoryId: '456789',
};
const onMain: Binding = {
  platform: 'github',
  environment: undefined,
  addsEnvironment: false,
  refs: ['refs/heads/main'],
  events: ['push'],
  warnings: [],
};
const inProduction: Binding = { ...onMain, environment: 'production' };

const CASES: readonly (readonly [name: string, binding: Binding, form: SubjectForm, subject: string])[] = [
  ['an environment', inProduction, 'classic', 'repo:acme/shop:environment:production'],
  [
    'an environment, by ids',
    inProduction,
    'immutable',
    'repo:acme@123456/shop@456789:environment:production',
  ],
  ['a branch', onMain, 'classic', 'repo:acme/shop:ref:refs/heads/main'],
  ['a branch, by ids', onMain, 'immutable', 'repo:acme@123456/shop@456789:ref:refs/heads/main'],
];

/** What comes nearest to an intended subject without being it. */
function neighboursOf(subject: string): (readonly [what: string, subject: string])[] {
  const [, repository = '', rest = ''] = /^repo:([^:]+):(.+)$/.exec(subject) ?? [];
  const of = (other: string) => `repo:${other}:${rest}`;
  const other = (context: string) => `repo:${repository}:${context}`;
  return [
    ['another branch', other('ref:refs/heads/develop')],
    ['a branch whose name begins alike', other('ref:refs/heads/main2')],
    ['a branch below it', other('ref:refs/heads/main/x')],
    ['a tag of that name', other('ref:refs/tags/main')],
    ['another environment', other('environment:staging')],
    ['an environment whose name begins alike', other('environment:production-2')],
    ['an environment in capitals', other('environment:Production')],
    ['a branch in capitals', other('ref:refs/heads/Main')],
    [
      'no environment, where one is asked for, or the other way round',
      other(rest.startsWith('ref') ? 'environment:main' : 'ref:refs/heads/main'),
    ],
    ['a pull request', other('pull_request')],
    ['another repository', of(repository.replace('shop', 'blog'))],
    ['a repository whose name begins alike', of(repository.replace('shop', 'shop-fork'))],
    ['another owner, as of a fork', of(repository.replace('acme', 'mallory'))],
    ['an owner whose name begins alike', of(repository.replace('acme', 'acme-corp'))],
    ['an owner in capitals', of(repository.replace('acme', 'ACME'))],
    ['the same names with other ids', of('acme@999/shop@888')],
    ['the other form', repository.includes('@') ? of('acme/shop') : of('acme@123456/shop@456789')],
    ['something in front', `x${subject}`],
    ['something behind', `${subject}x`],
    ['something behind a colon', `${subject}:job_workflow_ref:acme/ci/x.yml@main`],
    ['signs that are patterns elsewhere', 'repo:*:*'],
    ['a question mark for a letter', subject.replace('shop', 'sho?')],
    ['a line break behind it', `${subject}\n`],
    ['nothing', ''],
  ];
}

describe.each(CASES)('the trust policy for %s', (_, binding, form, subject) => {
  let harness: StsHarness;
  beforeAll(async () => {
    harness = await startStsHarness((providerName) => {
      const { Version, Statement } = awsTrustPolicy({
        binding,
        identity,
        accountId: ACCOUNT,
        form,
        issuer: `https://${providerName}`,
      });
      return { Version, Statement: Statement.map((each) => ({ ...each, Condition: { ...each.Condition } })) };
    });
  });
  afterAll(() => harness.close());

  const claimsFor = (changes: Record<string, unknown>) => {
    const iat = Math.floor(harness.clock.now / 1000);
    return { sub: subject, aud: AUDIENCE, iat, nbf: iat, exp: iat + 300, ...changes };
  };

  async function ask(token: string): Promise<string> {
    const form = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: ROLE_ARN,
      RoleSessionName: 'session',
      WebIdentityToken: token,
    });
    const response = await fetch(harness.emulator.url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      signal: AbortSignal.timeout(5_000),
    });
    return /"Code":"(\w+)"/.exec(await response.text())?.[1] ?? 'OK';
  }

  const askWith = async (changes: Record<string, unknown>): Promise<string> =>
    ask((await harness.keyRing.sign(claimsFor(changes), 'ES256')).reveal());

  it('admits the token that is meant', async () => {
    expect(await askWith({})).toBe('OK');
  });

  it.each(neighboursOf(subject))('refuses %s', async (_what, sub) => {
    expect(await askWith({ sub })).not.toBe('OK');
  });

  it.each([
    ['another audience', 'sts.amazonaws.com.mallory.example'],
    ['the default audience of the platform', 'https://github.com/acme'],
    ['an audience in capitals', 'STS.amazonaws.com'],
  ])('refuses %s', async (_what, aud) => {
    expect(await askWith({ aud })).not.toBe('OK');
  });

  it('refuses an issuer that looks alike, and a key that is not the issuer’s', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forge = (iss: string) =>
      new SignJWT(claimsFor({ iss })).setProtectedHeader({ alg: 'ES256', kid: 'x' }).sign(privateKey);
    for (const iss of [harness.issuer, `${harness.issuer}.mallory.example`, `${harness.issuer}/`]) {
      expect(await ask(await forge(iss))).not.toBe('OK');
    }
  });
});

it('compares the whole subject of GitLab, too', () => {
  const binding: Binding = { ...inProduction, platform: 'gitlab' };
  const { Statement } = awsTrustPolicy({ binding, identity, accountId: ACCOUNT, form: 'classic' });
  expect(Statement[0]?.Principal.Federated).toBe(`arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com`);
  expect(Statement[0]?.Condition.StringEquals).toEqual({
    'gitlab.com:aud': AUDIENCE,
    'gitlab.com:sub': 'project_path:acme/shop:ref_type:branch:ref:main',
  });
});

it('names several branches one by one', () => {
  const binding = { ...onMain, refs: ['refs/heads/main', 'refs/heads/release'] };
  const { Statement } = awsTrustPolicy({ binding, identity, accountId: ACCOUNT, form: 'classic' });
  expect(JSON.stringify(Statement)).not.toMatch(/StringLike|[*?]/);
  expect(Statement[0]?.Condition.StringEquals['token.actions.githubusercontent.com:sub']).toEqual([
    'repo:acme/shop:ref:refs/heads/main',
    'repo:acme/shop:ref:refs/heads/release',
  ]);
});

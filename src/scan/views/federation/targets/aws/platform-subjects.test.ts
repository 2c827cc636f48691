import { describe, expect, it } from 'vitest';
import { conditionHolds } from '#credentials/emulator/sts/condition.ts';
import { scanRepository } from '../../../../scan-repository.ts';
import { TEST_DAY_MS } from '../../../../testing/scan-text.ts';
import { findTrust } from '../../../../trust/find-trust.ts';
import type { Binding } from '../../bind/binding.ts';
import { tokensOf } from '../../bind/platform-tokens.ts';
import { readIdentity } from '../../bind/repository-identity.ts';
import { googleCloudTrust } from '../google-cloud/trust.ts';
import { awsTrust } from './trust.ts';
import { awsTrustPolicy } from './trust-policy.ts';

const ORGANISATION = '0b5e7c1e-1111-4222-8333-94949494abcd';
const PROJECT = '71aa7c1e-1111-4222-8333-94949494abcd';
const USER = '9c1d7c1e-1111-4222-8333-94949494abcd';
const STEP = '{5e6f7c1e-1111-4222-8333-94949494abcd}';
const identity = {
  ...readIdentity('', undefined),
  owner: 'acme',
  name: 'shop',
  ownerId: ORGANISATION,
  repositoryId: PROJECT,
};
const bindingOf = (platform: Binding['platform'], environment?: string): Binding => ({
  platform,
  environment,
  addsEnvironment: false,
  refs: ['refs/heads/main'],
  events: [],
  warnings: [],
});

/** Whether AWS would let a token in, by the emulator’s reading of conditions. */
function admits(binding: Binding, sub: string, aud: string): boolean {
  const policy = awsTrustPolicy({ binding, identity, accountId: '1', form: 'classic' });
  const [statement] = policy.Statement;
  const provider = statement?.Principal.Federated.split('oidc-provider/')[1]?.toLowerCase() ?? '';
  const context = new Map([
    [`${provider}:sub`, [sub]],
    [`${provider}:aud`, [aud]],
  ]);
  const lists = Object.entries(statement?.Condition ?? {}).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, [value].flat()])),
  ]);
  return lists.length > 0 && conditionHolds(Object.fromEntries(lists), context);
}

describe('a token of CircleCI', () => {
  const binding = bindingOf('circleci');
  const subject = (origin: string, ref: string, project = PROJECT, user = USER): string =>
    `org/${ORGANISATION}/project/${project}/user/${user}/vcs-origin/${origin}/vcs-ref/${ref}`;
  const meant = subject('github.com/acme/shop', 'refs/heads/main');

  it('gets in, whoever of the project pushed', () => {
    expect(admits(binding, meant, ORGANISATION)).toBe(true);
    const another = subject('github.com/acme/shop', 'refs/heads/main', PROJECT, USER.replaceAll('9', '1'));
    expect(admits(binding, another, ORGANISATION)).toBe(true);
  });

  it.each([
    ['another branch', subject('github.com/acme/shop', 'refs/heads/develop')],
    ['a branch whose name begins alike', subject('github.com/acme/shop', 'refs/heads/main2')],
    ['a branch below it', subject('github.com/acme/shop', 'refs/heads/main/x')],
    ['a tag of that name', subject('github.com/acme/shop', 'refs/tags/main')],
    ['a pull request', subject('github.com/acme/shop', 'refs/heads/pull/7')],
    ['a fork that is given secrets', subject('github.com/mallory/shop', 'refs/heads/main')],
    // `user/*/vcs-origin/…` would fit this one.
    [
      'a branch that is called like the rest of the subject',
      subject(
        'github.com/mallory/shop',
        'refs/heads/x/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main',
      ),
    ],
    [
      'a branch of the project that is called so',
      subject('github.com/acme/shop', 'refs/heads/x/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main'),
    ],
    ['another project', subject('github.com/acme/shop', 'refs/heads/main', USER)],
    ['another organisation', meant.replace(ORGANISATION, USER)],
    ['a user that is none', subject('github.com/acme/shop', 'refs/heads/main', PROJECT, 'x')],
    ['another host', meant.replace('github.com', 'gitlab.com')],
    ['something in front', `x${meant}`],
    ['something behind', `${meant}x`],
    ['a line break behind it', `${meant}\n`],
    [
      'the first form of the subject, without a branch',
      `org/${ORGANISATION}/project/${PROJECT}/user/${USER}`,
    ],
    ['capitals', meant.toUpperCase()],
    ['signs that are patterns elsewhere', 'org/*/project/*/user/*'],
    ['nothing', ''],
  ])('is refused for %s', (_, sub) => expect(admits(binding, sub, ORGANISATION)).toBe(false));

  it('is refused when it was made for somebody else', () => {
    expect(admits(binding, meant, USER)).toBe(false);
  });
});

describe('a token of Bitbucket', () => {
  const binding = bindingOf('bitbucket', 'production');
  const audience = `ari:cloud:bitbucket::workspace/${ORGANISATION}`;

  it('gets in from each step of one deployment environment, and from nothing else', () => {
    const environment = '{ENVIRONMENT_UUID}';
    expect(admits(binding, `{${PROJECT}}:${environment}:${STEP}`, audience)).toBe(true);
    for (const sub of [
      `{${PROJECT}}:${STEP}`,
      `{${PROJECT}}:${STEP}:${STEP}`,
      `{${USER}}:${environment}:${STEP}`,
      `x{${PROJECT}}:${environment}:${STEP}`,
      `{${PROJECT}}:${environment}`,
    ])
      expect(admits(binding, sub, audience)).toBe(false);
    expect(admits(binding, `{${PROJECT}}:${environment}:${STEP}`, 'ari:cloud:bitbucket::workspace/x')).toBe(
      false,
    );
  });
});

it('of Jenkins is compared as a whole', () => {
  const binding = bindingOf('jenkins');
  const sub = 'https://JENKINS/job/shop/job/main/';
  expect(admits(binding, sub, 'sts.amazonaws.com')).toBe(true);
  for (const other of [
    `${sub}x`,
    sub.replace('main', 'main2'),
    sub.replace('shop', 'blog'),
    sub.slice(0, -1),
  ])
    expect(admits(binding, other, 'sts.amazonaws.com')).toBe(false);
});

it.each(['circleci', 'bitbucket', 'jenkins'] as const)(
  'what is written for %s is found by our own rule to name one place',
  (platform) => {
    const request = {
      name: 'x',
      identity,
      binding: bindingOf(platform, platform === 'bitbucket' ? 'production' : undefined),
    };
    const trusts = [
      awsTrust(request),
      ...(tokensOf(platform)?.accepted.includes('google-cloud') === true ? [googleCloudTrust(request)] : []),
    ];
    const files = trusts.map(({ terraform = '' }, index) => ({ file: `${index}/main.tf`, text: terraform }));
    const { repository } = scanRepository({ root: '', files }, { rules: [], asOfMs: TEST_DAY_MS });
    const judged = findTrust(repository).map(({ openness }) => openness);
    expect(judged.every((openness) => openness === 'exact')).toBe(true);
    // The issuer of Jenkins is an address like any other; a binding by an id is anybody’s.
    expect(judged.length).toBe({ circleci: 2, bitbucket: 3, jenkins: 0 }[platform]);
  },
);

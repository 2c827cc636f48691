import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { readTerraform } from './read-terraform.ts';

const judge = (text: string) => readTerraform(text).map(({ openness }) => openness);

const role = (condition: string): string => `
resource "aws_iam_role" "deploy" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17" # one line
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        ${condition}
      }
    }]
  })
}`;
const subject = (value: string, operator = 'StringLike'): string =>
  role(`${operator} = { "token.actions.githubusercontent.com:sub" = "${value}" }`);

describe('a role of AWS', () => {
  it.each([
    ['repo:*', 'anyone'],
    ['*', 'anyone'],
    ['repo:*/*:*', 'anyone'],
    ['repo:acme/*', 'owner'],
    ['repo:acme/shop*:ref:refs/heads/main', 'owner'],
    ['repo:acme/shop:*', 'repository'],
    ['repo:acme/shop:pull_request', 'pull-request'],
    ['repo:acme/shop:ref:refs/heads/*', 'branch'],
    ['repo:acme/shop:ref:*', 'branch'],
    ['repo:acme/shop:ref:refs/tags/v*', 'pattern'],
    ['repo:acme*', 'anyone'],
    ['repo:acme@1/shop@2:environment:production', 'exact'],
    ['repo:acme@1/shop@2:*', 'repository'],
    // Whoever can push a branch can name an environment that is not there yet.
    ['repo:acme/shop:environment:prod-*', 'branch'],
    ['repo:acme/shop:environment:production', 'exact'],
    ['repo:${var.owner}/shop:ref:refs/heads/main', 'exact'],
    ['repo:${var.repository}:*', 'repository'],
    ['repo:${var.repository}:ref:${var.ref}', 'unknown'],
    ['repo:acme/shop', 'nobody'],
  ])('that trusts %s is open to: %s', (value, openness) => {
    expect(judge(subject(value))).toEqual([openness]);
  });

  it('compares letter by letter without a pattern', () => {
    expect(judge(subject('repo:acme/shop:*', 'StringEquals'))).toEqual(['nobody']);
    expect(judge(subject('main', 'StringEquals'))).toEqual(['nobody']);
  });

  it.each([
    [
      'only the audience is compared',
      'StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }',
    ],
    [
      'the condition says what must not be',
      'StringNotLike = { "token.actions.githubusercontent.com:sub" = "repo:mallory/*" }',
    ],
  ])('is open to everybody when %s', (_, condition) => {
    expect(judge(role(condition))).toEqual(['anyone']);
  });

  it('is as open as the widest of several values, and as the narrowest of several conditions', () => {
    const values =
      '"token.actions.githubusercontent.com:sub" = ["repo:acme/shop:environment:a", "repo:acme/*"]';
    expect(judge(role(`StringLike = { ${values} }`))).toEqual(['owner']);
    const exact =
      'StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:acme/shop:environment:a" }';
    expect(judge(role(`StringLike = { ${values} }\n${exact}`))).toEqual(['exact']);
  });

  it('is read from a document, from JSON in a heredoc, and not when it is about something else', () => {
    const document = `data "aws_iam_policy_document" "t" {
  statement {
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:acme/shop:*"]
    }
  }
}`;
    expect(judge(document)).toEqual(['repository']);
    const json = `{"Statement":{"Effect":"Allow","Principal":{"Federated":"token.actions.githubusercontent.com"},"Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:*"}}}}`;
    expect(judge(`resource "aws_iam_role" "r" {\n  assume_role_policy = <<-EOF\n${json}\n  EOF\n}`)).toEqual([
      'anyone',
    ]);
    expect(
      judge(
        'resource "aws_iam_role" "r" {\n assume_role_policy = jsonencode({ Statement = [{ Principal = { Service = "ec2" } }] })\n}',
      ),
    ).toEqual([]);
  });
});

describe('a pool of Google Cloud', () => {
  const pool = (condition: string): string =>
    `resource "google_iam_workload_identity_pool_provider" "p" {\n  ${condition}\n  oidc {\n    issuer_uri = "https://token.actions.githubusercontent.com"\n  }\n}`;
  it.each([
    ['', 'anyone'],
    [`attribute_condition = "assertion.repository_owner == 'acme'"`, 'owner'],
    [`attribute_condition = "assertion.repository == 'acme/shop'"`, 'repository'],
    [`attribute_condition = "assertion.ref.startsWith('refs/heads/rel')"`, 'anyone'],
    [`attribute_condition = "assertion.ref == 'refs/heads/main' && assertion.repository_id == '1'"`, 'exact'],
    [`attribute_condition = "assertion.repository.startsWith('acme/')"`, 'owner'],
    [`attribute_condition = "assertion.repository.startsWith('acme')"`, 'anyone'],
    [
      `attribute_condition = "assertion.repository == 'a/b' || assertion.repository_owner == 'acme'"`,
      'owner',
    ],
    [`attribute_condition = "assertion.sub.startsWith('repo:acme/shop:')"`, 'repository'],
    [`attribute_condition = "assertion.repository_owner != 'mallory'"`, 'anyone'],
    [`attribute_condition = var.condition`, 'unknown'],
    [`attribute_condition = "assertion.sub == 'repo:acme/shop:environment:production'"`, 'exact'],
  ])('with %j is open to: %s', (condition, openness) => {
    expect(judge(pool(condition))).toEqual([openness]);
  });
});

it('knows that a federated credential of Azure for pull requests is open to each of them', () => {
  const credential = (value: string): string =>
    `resource "azuread_application_federated_identity_credential" "c" {\n  issuer  = "https://token.actions.githubusercontent.com"\n  subject = "${value}"\n}`;
  expect(judge(credential('repo:acme/shop:pull_request'))).toEqual(['pull-request']);
  expect(judge(credential('repo:acme/shop:environment:production'))).toEqual(['exact']);
});

describe('whatever a file holds', () => {
  const words = [
    'resource',
    '"aws_iam_role"',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '=',
    ':',
    ',',
    '\n',
    '"${',
    '<<EOF',
    'EOF',
    '/*',
    '*/',
    '#',
    'jsonencode',
    '"x"',
    'condition',
  ];
  it('reading it ends', () => {
    const text = fc.array(fc.constantFrom(...words), { maxLength: 200 }).map((parts) => parts.join(' '));
    fc.assert(fc.property(text, (each) => Array.isArray(judge(each))));
  });

  it.each([
    '{'.repeat(1_000_000),
    '['.repeat(1_000_000),
    'a = ['.repeat(200_000),
    '"'.repeat(1_000_000),
    '<<A\n'.repeat(200_000),
    '/*'.repeat(500_000),
    'a b c {\n'.repeat(120_000),
    '${'.repeat(400_000),
  ])('reading 1 MB of %.6s… takes no longer than it should', (text) => {
    const start = threadMs();
    judge(text);
    judge(subject(text.slice(0, 1_000_000).replaceAll('"', "'")));
    expect(threadMs() - start).toBeLessThan(4_000);
  });
});

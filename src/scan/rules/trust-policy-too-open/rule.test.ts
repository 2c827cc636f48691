import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const ID = 'trust-policy-too-open';
const AUDIENCE = 'StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }';

function role(conditions: string, name = 'something', rest = ''): string {
  return `# --- infra/main.tf
resource "aws_iam_role" "${name}" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        ${conditions}
      }
    }]
  })
}
${rest}`;
}
const subject = (value: string, name?: string, rest?: string): string =>
  role(
    `${AUDIENCE}\n        StringLike = { "token.actions.githubusercontent.com:sub" = ${value} }`,
    name,
    rest,
  );

const briefly = (text: string): string[] =>
  findingsOf(ID, text).map(
    ({ severity, persona, locations }) => `${locations[0].start.line} ${severity} ${persona}`,
  );
const messages = (text: string): string[] => findingsOf(ID, text).map(({ message }) => message);

describe('a role of AWS', () => {
  it.each([
    ['"*"', '9 high regular'],
    ['"repo:*:*"', '9 high regular'],
    ['"repo:acme/*"', '9 medium regular'],
    ['"repo:acme/shop*"', '9 medium regular'],
    ['"repo:acme/shop:*"', '9 low regular'],
    ['"repo:acme/shop:ref:refs/heads/*"', '9 low regular'],
    ['"repo:acme/shop:pull_request"', '9 low auditor'],
    ['"repo:acme/shop:ref:refs/tags/v*"', '9 low auditor'],
  ])('whose subject fits %s is told as %s', (value, expected) => {
    expect(briefly(subject(value))).toEqual([expected]);
  });

  it.each([
    '"repo:acme/shop:environment:production"',
    '"repo:acme@1/shop@2:ref:refs/heads/main"',
    'var.subjects',
  ])('whose subject is %s is left alone', (value) => expect(briefly(subject(value))).toEqual([]));

  it.each([
    ['its name', subject('"repo:acme/shop:*"', 'deploy_production'), 'medium'],
    [
      'its policies',
      subject(
        '"repo:acme/shop:*"',
        'ci',
        'resource "aws_iam_role_policy_attachment" "a" {\n  role       = aws_iam_role.ci.name\n  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}\n',
      ),
      'high',
    ],
    [
      'a subject beside it',
      subject('["repo:acme/shop:pull_request", "repo:acme/shop:environment:x"]'),
      'medium',
    ],
  ])('is worse where %s says that it is for production', (_, text, severity) => {
    expect(briefly(text)).toEqual([`9 ${severity} regular`]);
  });

  it('is no worse where the name says that it only looks', () => {
    expect(briefly(subject('"repo:acme/shop:*"', 'production_plan'))).toEqual(['9 low regular']);
  });

  it('names the principal where no condition compares the subject, the reference of a provider as well', () => {
    expect(briefly(role(AUDIENCE))).toEqual(['5 high regular']);
    const text = role(AUDIENCE).replace(/"arn:[^"]*"/, 'aws_iam_openid_connect_provider.github.arn');
    expect(briefly(text)).toEqual(['5 high regular']);
  });

  it('takes comparisons for narrowing only where they keep somebody out', () => {
    const sub = (operator: string) =>
      `${operator} = { "token.actions.githubusercontent.com:sub" = "repo:acme/shop:ref:x" }`;
    expect(briefly(role(`${AUDIENCE}\n        ${sub('StringNotEquals')}`))).toEqual(['5 high regular']);
    // Every token has a subject, so there is nothing to be missing.
    expect(briefly(role(`${AUDIENCE}\n        ${sub('StringEqualsIfExists')}`))).toEqual([]);
    const claims =
      'StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com", "token.actions.githubusercontent.com:repository_id" = "1", "token.actions.githubusercontent.com:environment" = "production" }';
    expect(briefly(role(claims))).toEqual([]);
  });

  it('tells auditors where the audience is not compared', () => {
    const text = role(
      'StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:acme/shop:environment:x" }',
    );
    expect(briefly(text)).toEqual(['1 low auditor']);
    expect(findingsOf(ID, text)[0]?.remedy).toContain(
      '"token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"',
    );
  });

  it.each([
    ['a cluster', '"system:serviceaccount:ci:runner"'],
    ['a cluster of all accounts', '"system:serviceaccount:*:*"'],
  ])('that is for %s is no business of pipelines', (_, value) => {
    const text = subject(value).replaceAll(
      'token.actions.githubusercontent.com',
      'oidc.eks.eu-central-1.amazonaws.com/id/GITHUB',
    );
    expect(briefly(text)).toEqual([]);
  });

  it('that only another account takes, or a person through SAML, is none either', () => {
    const saml = role('')
      .replace('WithWebIdentity', 'WithSAML')
      .replace(/"arn:[^"]*"/, 'aws_iam_saml_provider.github.arn');
    expect(briefly(saml)).toEqual([]);
  });
});

describe('other ways to write it', () => {
  const document = (variable: string, values: string) => `# --- a/iam.tf
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [var.provider_arn]
    }
    dynamic "condition" {
      for_each = [1]
      content {
        test     = "StringLike"
        variable = "${variable}"
        values   = ${values}
      }
    }
  }
}
resource "aws_iam_role" "deploy" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
`;

  it.each([
    ['gitlab.com:sub', '["project_path:acme/*:ref_type:branch:ref:main"]', 'high'],
    ['gitlab.com:sub', '["project_path:acme/shop:ref_type:branch:ref:*"]', 'medium'],
    ['token.actions.githubusercontent.com:sub', '[for r in var.all : "repo:acme/${r}:*"]', 'medium'],
    ['token.actions.githubusercontent.com:sub', 'concat(["repo:acme/*"], var.more)', 'high'],
    ['token.actions.githubusercontent.com:sub', '[format("repo:%s/%s:*", var.a, var.b)]', 'medium'],
    ['oidc.circleci.com/org/1a:sub', '["org/1a/project/*/user/*"]', 'high'],
    ['oidc.circleci.com/org/1a:sub', '["org/1a/project/2b/user/*"]', 'medium'],
    [
      'oidc.circleci.com/org/1a:sub',
      '["org/1a/project/2b/user/*/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main"]',
      'medium',
    ],
    ['agent.buildkite.com:sub', '["organization:acme:*"]', 'high'],
    ['agent.buildkite.com:sub', '["organization:acme:pipeline:deploy:ref:*"]', 'medium'],
    ['app.terraform.io:sub', '["organization:acme:project:shop:workspace:*:run_phase:*"]', 'high'],
    ['app.terraform.io:sub', '["organization:*"]', 'critical'],
  ])('in a document: %s as %s is %s', (variable, values, severity) => {
    const found = findingsOf(ID, document(variable, values)).filter(({ persona }) => persona === 'regular');
    expect(found.map((each) => each.severity)).toEqual([severity]);
    expect(found[0]?.locations[0].start.line).toBe(13);
  });

  it.each([
    ['gitlab.com:sub', '["project_path:acme/shop:ref_type:branch:ref:main"]'],
    [
      'oidc.circleci.com/org/1a:sub',
      '["org/1a/project/2b/user/????????-????-????-????-????????????/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main"]',
    ],
    ['agent.buildkite.com:sub', '["organization:acme:pipeline:deploy:ref:refs/heads/main:*"]'],
    ['app.terraform.io:sub', '["organization:acme:project:*:workspace:shop:run_phase:apply"]'],
    [
      'api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc:sub',
      '["{0f0e0d0c-0b0a-4000-8000-000000000000}:{1f0e0d0c-0b0a-4000-8000-000000000000}:*"]',
    ],
  ])('in a document: %s as %s is left alone', (variable, values) => {
    expect(findingsOf(ID, document(variable, values)).filter(({ persona }) => persona === 'regular')).toEqual(
      [],
    );
  });

  const policy = (value: string) => `{
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" },
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
      "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
      "StringLike": { "token.actions.githubusercontent.com:sub": "${value}" }
    }
  }
}
`;

  it('in JSON, in a file and in a heredoc, with the place of the text itself', () => {
    const inFile = findingsOf(ID, `# --- iam/trust-policy.json\n${policy('repo:acme/*')}`);
    expect(inFile.map(({ locations }) => [locations[0].start.line, locations[0].start.column])).toEqual([
      [8, 66],
    ]);
    const heredoc = `# --- x.tf\nresource "aws_iam_role" "a" {\n  assume_role_policy = <<-EOF\n${policy('repo:acme/*')}  EOF\n}\n`;
    const inHeredoc = findingsOf(ID, heredoc);
    expect(inHeredoc.map(({ locations }) => [locations[0].start.line, locations[0].start.column])).toEqual([
      [10, 66],
    ]);
  });

  it('in a template of CloudFormation', () => {
    const template = (value: string) => `# --- stack.yml
AWSTemplateFormatVersion: '2010-09-09'
Parameters: { Owner: { Type: String } }
Resources:
  DeployRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: { Federated: !Ref Provider }
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: { token.actions.githubusercontent.com:aud: sts.amazonaws.com }
              StringLike:
                token.actions.githubusercontent.com:sub: ${value}
`;
    expect(briefly(template('!Sub repo:${Owner}/shop:*'))).toEqual(['15 medium regular']);
    expect(briefly(template("!Join ['', ['repo:', !Ref Owner, '/*']]"))).toEqual(['15 high regular']);
    expect(briefly(template('{ Fn::Sub: "repo:${Owner}/shop:environment:production" }'))).toEqual([]);
    expect(briefly(template('repo:acme/shop:environment:production'))).toEqual([]);
  });
});

describe('Google Cloud and Azure', () => {
  const provider = (condition: string) => `# --- g.tf
resource "google_iam_workload_identity_pool_provider" "github" {
  ${condition}
  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}
`;
  const member = (value: string) =>
    `resource "google_service_account_iam_member" "m" {\n  role   = "roles/iam.workloadIdentityUser"\n  member = "principalSet://iam.googleapis.com/\${google_iam_workload_identity_pool.github.name}/${value}"\n}\n`;

  it.each([
    ['', '1 high regular'],
    [`attribute_condition = "assertion.repository_owner == 'acme'"`, '2 low auditor'],
    [`attribute_condition = "assertion.repository == 'acme/shop'"`, '2 low regular'],
  ])('a provider with %j is told as %s', (condition, expected) => {
    expect(briefly(provider(condition))).toEqual([expected]);
  });

  it('sees what a binding takes away or leaves open', () => {
    const owner = provider(`attribute_condition = "assertion.repository_owner == 'acme'"`);
    const one = provider(`attribute_condition = "assertion.sub == 'repo:acme/shop:environment:production'"`);
    expect(briefly(`${owner}${member('*')}`)).toContain('9 medium regular');
    expect(briefly(`${owner}${member('attribute.repository_owner/acme')}`)).toContain('9 medium regular');
    expect(briefly(`${owner}${member('attribute.repository/acme/shop')}`)).toContain('9 low regular');
    expect(briefly(`${one}${member('attribute.repository/acme/shop')}`)).toEqual([]);
  });

  it('knows that an application of Azure is shared with pull requests', () => {
    const credential = (value: string, name: string, application = 'azuread_application.a.id') =>
      `resource "azuread_application_federated_identity_credential" "${name}" {\n  application_id = ${application}\n  issuer  = "https://token.actions.githubusercontent.com"\n  subject = "${value}"\n}\n`;
    const pull = credential('repo:acme/shop:pull_request', 'x');
    expect(briefly(`# --- a.tf\n${pull}`)).toEqual(['4 low auditor']);
    expect(briefly(`# --- a.tf\n${pull}${credential('repo:acme/shop:environment:live', 'y')}`)).toEqual([
      '4 medium regular',
    ]);
    const other = credential('repo:acme/shop:environment:live', 'y', 'azuread_application.b.id');
    expect(briefly(`# --- a.tf\n${pull}${other}`)).toEqual(['4 low auditor']);
    const flexible = `# --- a.tf\nresource "azuread_application_flexible_federated_identity_credential" "f" {\n  issuer = "https://token.actions.githubusercontent.com"\n  claims_matching_expression = "claims['sub'] matches 'repo:acme/*'"\n}\n`;
    expect(briefly(flexible)).toEqual(['3 medium regular']);
  });
});

describe('with the pipelines beside it', () => {
  const workflow = (on: string) =>
    `# --- .github/workflows/w.yml\non: ${on}\njobs:\n  plan:\n    runs-on: ubuntu-latest\n    environment: staging\n    permissions: { id-token: write }\n    steps:\n      - run: make\n`;

  it('names the jobs that get in, and is worse where outsiders start one', () => {
    const [inside] = findingsOf(ID, `${workflow('push')}${subject('"repo:acme/shop:*"')}`);
    expect(inside?.severity).toBe('low');
    expect(inside?.locations.map(({ label }) => label)).toContain('this job gets in on push');
    const [outside] = findingsOf(ID, `${workflow('pull_request_target')}${subject('"repo:acme/shop:*"')}`);
    expect(outside?.severity).toBe('high');
    expect(outside?.locations.map(({ label }) => label)).toContain(
      'this job gets in on pull_request_target, which outsiders cause',
    );
  });

  it('writes what to compare, with the environment of the job', () => {
    const [found] = findingsOf(ID, `${workflow('push')}${subject('"repo:acme/shop:*"')}`);
    expect(found?.remedy).toContain(
      'StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:acme/shop:environment:staging" }',
    );
  });

  it('follows locals of the file to the text itself, and those of the folder to where they are named', () => {
    const role = subject('local.subjects');
    const own = findingsOf(
      ID,
      `${role}\nlocals {\n  subjects = concat(local.more, [])\n  more = ["repo:acme/*"]\n}\n`,
    );
    expect(own.map(({ locations }) => locations[0].start.line)).toEqual([17]);
    const other = findingsOf(
      ID,
      `${role}\n# --- infra/locals.tf\nlocals {\n  subjects = ["repo:acme/*"]\n}\n`,
    );
    expect(other.map(({ locations }) => [locations[0].file, locations[0].start.line])).toEqual([
      ['infra/main.tf', 9],
    ]);
    expect(
      findingsOf(ID, `${role}\n# --- other/locals.tf\nlocals {\n  subjects = ["repo:acme/*"]\n}\n`),
    ).toEqual([]);
    const circle = `${role}\nlocals {\n  subjects = local.more\n  more = local.subjects\n}\n`;
    expect(findingsOf(ID, circle)).toEqual([]);
  });

  it('hears a comment that says why', () => {
    const text = subject('\n# vouchgate: ignore[trust-policy-too-open] only reads\n"repo:acme/shop:*"');
    expect(messages(text)).toEqual([]);
  });
});

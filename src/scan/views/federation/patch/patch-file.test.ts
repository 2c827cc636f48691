import { describe, expect, it } from 'vitest';
import { scanFiles } from '../../../testing/scan-text.ts';
import { readIdentity } from '../bind/repository-identity.ts';
import { findCredentials } from '../recognise/find-credentials.ts';
import { patchFile } from './patch-file.ts';
import { planBrokered, planDirect } from './plans.ts';

const FILE = '.github/workflows/deploy.yml';
const identity = readIdentity('', undefined);
const CREDENTIAL_RULES = ['long-lived-cloud-credential', 'static-registry-token'];

const workflow = (body: string): string =>
  `on:\n  push:\n    branches: [main]\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${body}`;

const direct = (text: string, file = FILE) => patchFile(file, text, planDirect(identity));
const brokered = (text: string, file = FILE) => patchFile(file, text, planBrokered(identity));

/** What credential rules, and we ourselves, still say. */
function remaining(text: string, file = FILE): string[] {
  const { findings, repository, problems } = scanFiles([{ file, text }]);
  return [
    ...problems.map(({ message }) => message),
    ...findings.filter(({ ruleId }) => CREDENTIAL_RULES.includes(ruleId)).map(({ message }) => message),
    ...repository.pipelines.flatMap(findCredentials).map(({ kind, job }) => `${kind.id} in ${job.id}`),
  ];
}

const AWS_INPUTS = `      - uses: aws-actions/configure-aws-credentials@v4
        with:
          aws-region: eu-central-1
          aws-access-key-id: \${{ secrets.AWS_ACCESS_KEY_ID }}
          aws-secret-access-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
`;
const variable = (name: string, run: string): string =>
  `      - run: ${run}\n        env:\n          ${name}: \${{ secrets.${name} }}\n`;

const BOTH_WAYS: readonly (readonly [string, string])[] = [
  ['AWS keys as inputs', AWS_INPUTS],
  [
    'AWS keys in a flow mapping',
    AWS_INPUTS.replace(
      /with:[^]*$/,
      'with: { aws-region: x, aws-access-key-id: "${{ secrets.A }}", aws-secret-access-key: "${{ secrets.B }}" }\n',
    ),
  ],
  [
    'AWS keys as variables',
    `${variable('AWS_SECRET_ACCESS_KEY', 'make deploy')}          AWS_ACCESS_KEY_ID: \${{ secrets.AWS_ACCESS_KEY_ID }}\n`,
  ],
  [
    'AWS keys written by commands',
    '      - run: |\n          aws configure set aws_access_key_id ${{ secrets.AWS_ACCESS_KEY_ID }}\n          aws configure set aws_secret_access_key ${{ secrets.AWS_SECRET_ACCESS_KEY }}\n          aws s3 ls\n',
  ],
  [
    'a key of Google Cloud',
    '      - uses: google-github-actions/auth@v2\n        with:\n          credentials_json: ${{ secrets.KEY }}\n',
  ],
  [
    'a key of Google Cloud given to setup-gcloud',
    '      - uses: google-github-actions/setup-gcloud@v0\n        with:\n          service_account_key: ${{ secrets.KEY }}\n          project_id: x\n',
  ],
  [
    'a key of Google Cloud that a script writes',
    '      - run: |\n          echo "${{ secrets.GCP_SA_KEY }}" | base64 -d > key.json\n          gcloud auth activate-service-account --key-file key.json\n          gcloud run deploy\n',
  ],
  ['a key of Google Cloud for Terraform', variable('GOOGLE_CREDENTIALS', 'terraform apply')],
  [
    'a secret of Azure',
    '      - uses: azure/login@v2\n        with:\n          creds: ${{ secrets.AZURE_CREDENTIALS }}\n',
  ],
  ['a secret of Azure for Terraform', variable('ARM_CLIENT_SECRET', 'terraform apply')],
  [
    'a secret of Azure in a command',
    '      - run: az login --service-principal -u ${{ vars.ID }} -p ${{ secrets.AZURE_CLIENT_SECRET }} --tenant x\n      - run: az acr list\n',
  ],
  [
    'a token of Vault',
    '      - uses: hashicorp/vault-action@v3\n        with:\n          url: https://v\n          token: ${{ secrets.VAULT_TOKEN }}\n          secrets: a b\n',
  ],
  [
    'a secret id of Vault',
    '      - uses: hashicorp/vault-action@v3\n        with:\n          url: https://v\n          method: approle\n          roleId: ${{ vars.R }}\n          secretId: ${{ secrets.VAULT_SECRET_ID }}\n',
  ],
  ['a token of Vault as a variable', variable('VAULT_TOKEN', 'vault kv get a/b')],
  ['a token of npm', variable('NODE_AUTH_TOKEN', 'npm publish')],
  [
    'a password of PyPI',
    '      - uses: pypa/gh-action-pypi-publish@v1\n        with:\n          user: __token__\n          password: ${{ secrets.PYPI_API_TOKEN }}\n',
  ],
  ['a password of PyPI for Twine', variable('TWINE_PASSWORD', 'twine upload dist/*')],
  ['a token of crates.io', variable('CARGO_REGISTRY_TOKEN', 'cargo publish')],
  ['a token of crates.io in a command', '      - run: cargo publish --token ${{ secrets.CRATES_TOKEN }}\n'],
  ['a key of RubyGems', variable('GEM_HOST_API_KEY', 'gem push a.gem')],
  [
    'a key of NuGet',
    '      - run: dotnet nuget push a.nupkg -k ${{ secrets.NUGET_API_KEY }} -s https://api.nuget.org/v3/index.json\n',
  ],
  [
    'a password of the platform’s own container registry',
    '      - uses: docker/login-action@v3\n        with:\n          registry: ghcr.io\n          username: me\n          password: ${{ secrets.GHCR_TOKEN }}\n',
  ],
];

const CLOUD_REGISTRIES: readonly (readonly [string, string])[] = [
  ['123456789012.dkr.ecr.eu-central-1.amazonaws.com', 'role-to-assume'],
  ['europe-docker.pkg.dev', 'token_format: access_token'],
];
it.each(CLOUD_REGISTRIES)('leaves the registry %s by an identity of its cloud', (registry, expected) => {
  const body = `      - uses: docker/login-action@v3\n        with:\n          registry: ${registry}\n          username: x\n          password: \${{ secrets.REGISTRY_KEY }}\n`;
  const { after, reasons } = direct(workflow(body));
  expect([...reasons.values()]).toEqual([undefined]);
  expect(after).toContain(expected);
  expect(remaining(after)).toEqual([]);
  expect(remaining(brokered(workflow(body)).after)).toEqual([]);
});

const ONLY_BROKERED: readonly (readonly [string, string])[] = [
  ['a kubeconfig', '      - run: echo "${{ secrets.KUBE_CONFIG }}" > ~/.kube/config\n'],
  [
    'a password of Docker Hub',
    '      - uses: docker/login-action@v3\n        with:\n          username: me\n          password: ${{ secrets.DOCKERHUB_TOKEN }}\n',
  ],
  [
    'a token of a person at GitHub',
    '      - uses: actions/checkout@v4\n        with:\n          token: ${{ secrets.GH_PAT }}\n',
  ],
  ['a token of GitLab', variable('GITLAB_TOKEN', 'glab mr list')],
  [
    'a key of a language model',
    '      - uses: anthropics/claude-code-action@v1\n        with:\n          anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}\n',
  ],
  [
    'a token of HCP Terraform',
    '      - uses: hashicorp/setup-terraform@v3\n        with:\n          cli_config_credentials_token: ${{ secrets.TF_API_TOKEN }}\n',
  ],
  ['a token of a scanner', variable('SNYK_TOKEN', 'snyk test')],
  ['an address of a database', variable('DATABASE_URL', 'npm run migrate')],
  ['a password of a database', variable('DB_PASSWORD', 'npm run migrate')],
];

describe.each(BOTH_WAYS)('%s', (_, body) => {
  it('leaves by federation, and nothing finds it afterwards', () => {
    const { after, reasons } = direct(workflow(body));
    expect([...reasons.values()]).toEqual([undefined]);
    expect(remaining(after)).toEqual([]);
  });
});

describe.each([...BOTH_WAYS, ...ONLY_BROKERED])('%s', (_, body) => {
  it('leaves by way of Vouchgate, and nothing finds it afterwards', () => {
    const { after, reasons } = brokered(workflow(body));
    expect([...reasons.values()]).toEqual([undefined]);
    expect(remaining(after)).toEqual([]);
    expect(after).toContain('id-token: write');
  });
});

it.each(ONLY_BROKERED)('says that there is no federation for %s', (_, body) => {
  const { after, reasons } = direct(workflow(body));
  expect(after).toBe(workflow(body));
  expect([...reasons.values()].join()).toMatch(
    /no way without a stored value is known|the cluster can accept/,
  );
});

it('keeps every byte that has nothing to do with the credential, and line ends', () => {
  const text = workflow(`      -   run:   "make"   # odd\n\n${AWS_INPUTS}      - run: make\n`).replaceAll(
    '\n',
    '\r\n',
  );
  const { after } = direct(text);
  const added = [
    '    permissions:\r\n      contents: read\r\n      id-token: write\r\n',
    '          role-to-assume: ${{ vars.AWS_ROLE_ARN }}\r\n',
  ];
  expect(added.reduce((rest, each) => rest.replace(each, ''), after)).toBe(
    text.replace(/ {10}aws-(?:access|secret).*\r\n/g, '').replace(/ {10}aws-(?:access|secret).*\r\n/g, ''),
  );
});

it('asks for packages and not for an identity where the job’s own token is enough', () => {
  const { after } = direct(workflow(BOTH_WAYS.at(-1)?.[1] ?? ''));
  expect(after).toContain('packages: write');
  expect(after).not.toContain('id-token');
});

it('leaves the other scopes of a job as they are', () => {
  const text = workflow(AWS_INPUTS).replace(
    '    environment',
    '    permissions:\n      issues: write\n    environment',
  );
  expect(direct(text).after).toMatch(/permissions:\n {6}id-token: write\n {6}issues: write/);
  const none = text.replace('permissions:\n      issues: write', 'permissions: {}');
  expect(direct(none).after).toContain('permissions: { id-token: write }');
});

it('gives a job that runs on tags the environment that its subject needs', () => {
  const text = workflow(variable('NODE_AUTH_TOKEN', 'npm publish'))
    .replace('branches: [main]', "tags: ['v*']")
    .replace('    environment: production\n', '');
  expect(direct(text).after).toContain('    environment: release\n');
});

it('takes variables of the whole workflow out of it, and logs in where they are needed', () => {
  const text = `on: push\nenv:\n  AWS_ACCESS_KEY_ID: \${{ secrets.A }}\n  AWS_SECRET_ACCESS_KEY: \${{ secrets.B }}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - run: aws s3 ls\n`;
  const { after } = direct(text);
  expect(remaining(after)).toEqual([]);
  expect(after).toMatch(/^on: push\njobs:/);
  expect(after.indexOf('role-to-assume')).toBeGreaterThan(after.indexOf('actions/checkout'));
});

it.each([
  [
    'another action takes it',
    '      - uses: some/upload@v1\n        with:\n          aws_secret_access_key: ${{ secrets.B }}\n',
    /takes it as the input `aws_secret_access_key`/,
  ],
  [
    'a script does more with it',
    `      - run: echo "$GCP_SA_KEY" | my-tool\n        env:\n          GCP_SA_KEY: \${{ secrets.GCP_SA_KEY }}\n`,
    /script itself handles/,
  ],
  [
    'a token is for another registry',
    `      - run: dotnet nuget push a -k \${{ secrets.NUGET_TOKEN }} -s https://nuget.pkg.github.com/acme/index.json\n`,
    /another registry/,
  ],
  ['a token only fetches packages', variable('NODE_AUTH_TOKEN', 'npm ci'), /nothing is seen to be published/],
  [
    'the tool knows no identities',
    variable('POETRY_PYPI_TOKEN_PYPI', 'poetry publish'),
    /cannot publish without a token/,
  ],
  [
    '`env:` is shared',
    '      - run: a\n        env: &shared\n          AWS_SECRET_ACCESS_KEY: ${{ secrets.B }}\n',
    /shared/,
  ],
])('leaves it to a person when %s', (_, body, reason) => {
  const { after, reasons } = direct(workflow(body));
  expect([...reasons.values()][0]).toMatch(reason);
  expect(after).toBe(workflow(body));
});

it('keeps what stands around a value in its expression, and the quotes of YAML', () => {
  const text = workflow(
    "      - run: snyk test\n        env:\n          SNYK_TOKEN: '${{ secrets.SNYK_TOKEN || secrets.SNYK_API_TOKEN }}'\n",
  );
  const { after } = brokered(text);
  expect(after).toContain(
    "SNYK_TOKEN: '${{ steps.vouchgate-service.outputs[''snyk-token.value''] || steps.vouchgate-service.outputs[''snyk-api-token.value''] }}'",
  );
  expect(remaining(after)).toEqual([]);
});

it('takes out a step that did nothing but log in, where nothing has to take its place', () => {
  const text = workflow(
    '      - uses: actions/checkout@v4\n      - run: npm config set _authToken ${{ secrets.NPM_TOKEN }}\n      - run: npm publish\n',
  );
  const { after } = direct(text);
  expect(after).not.toContain('_authToken');
  expect(remaining(after)).toEqual([]);
});

it('does not take a variable of the workflow away from other jobs', () => {
  const job = (id: string) => `  ${id}:\n    runs-on: x\n    steps:\n      - run: aws s3 ls\n`;
  const text = `on: push\nenv:\n  AWS_SECRET_ACCESS_KEY: \${{ secrets.B }}\njobs:\n${job('a')}${job('b')}`;
  const { after, reasons } = direct(text);
  expect(after).toBe(text);
  expect([...reasons.values()].join()).toMatch(/several jobs read it/);
});

it('leaves secrets of called workflows and of images to a person', () => {
  const call =
    'on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    secrets:\n      AWS_SECRET_ACCESS_KEY: ${{ secrets.B }}\n';
  expect([...direct(call).reasons.values()]).toEqual(['another workflow takes it as a secret']);
});

describe('in GitLab', () => {
  const GITLAB = '.gitlab-ci.yml';
  it.each([
    [
      'AWS',
      '    - aws configure set aws_access_key_id $AWS_ACCESS_KEY_ID\n    - aws configure set aws_secret_access_key $AWS_SECRET_ACCESS_KEY\n    - aws s3 ls\n',
    ],
    [
      'Google Cloud',
      '    - echo "$GCP_SA_KEY" > key.json\n    - gcloud auth activate-service-account --key-file key.json\n    - gcloud run deploy\n',
    ],
    [
      'Azure',
      '    - az login --service-principal -u $AZURE_CLIENT_ID -p $AZURE_CLIENT_SECRET --tenant $T\n    - az acr list\n',
    ],
    ['Vault', '    - vault login $VAULT_TOKEN\n    - vault kv get a/b\n'],
  ])('a stored key of %s leaves by an identity token of the job', (_, script) => {
    const { after, reasons } = direct(`deploy:\n  script:\n${script}`, GITLAB);
    expect([...reasons.values()]).toEqual([undefined]);
    expect(after).toContain('id_tokens:');
    expect(remaining(after, GITLAB)).toEqual([]);
  });

  it('a line that writes another file than that of the login stays', () => {
    const script =
      '    - echo "$GCP_SA_KEY" > key.json\n    - gcloud auth activate-service-account --key-file key.json\n    - echo "v1" > version.txt\n    - gcloud run deploy\n';
    const { after, reasons } = direct(`deploy:\n  script:\n${script}`, GITLAB);
    expect([...reasons.values()]).toEqual([undefined]);
    expect(after).toContain('    - echo "v1" > version.txt\n');
    expect(after).not.toContain('key.json');
  });

  it('a line that names a stored value runs inside of `vouchgate run`', () => {
    const { after } = brokered(
      "scan:\n  script:\n    - snyk auth '$x' $SNYK_TOKEN\n    - snyk test\n",
      GITLAB,
    );
    expect(after).toContain(`-- sh -euc ''snyk auth`);
    expect(remaining(after, GITLAB)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { scanFiles } from '../../../testing/scan-text.ts';
import { readIdentity } from '../bind/repository-identity.ts';
import { findCredentials } from '../recognise/find-credentials.ts';
import { patchFile } from './patch-file.ts';
import { planDirect } from './plans.ts';

const identity = readIdentity('', undefined);
const direct = (file: string, text: string) => patchFile(file, text, planDirect(identity));

/** Everything that a scan says to regular readers, and what we would still patch. */
function remaining(file: string, text: string): string[] {
  const { findings, repository, problems } = scanFiles([{ file, text }]);
  return [
    ...problems.map(({ message }) => message),
    ...findings
      .filter(({ persona }) => persona === 'regular')
      .map(({ ruleId, message }) => `${ruleId}: ${message}`),
    ...repository.pipelines.flatMap(findCredentials).map(({ kind, job }) => `${kind.id} in ${job.id}`),
  ];
}

const CIRCLECI = '.circleci/config.yml';
const BITBUCKET = 'bitbucket-pipelines.yml';
const AZURE = 'azure-pipelines.yml';
const JENKINS = 'Jenkinsfile';

const circleci = (steps: string): string => `version: 2.1
orbs: { aws-cli: circleci/aws-cli@5.1.0, gcp-cli: circleci/gcp-cli@3.2.1 }
jobs:
  deploy:
    docker: [{ image: "cimg/base:2024.03" }]
    steps:
      - checkout
${steps}workflows:
  build:
    jobs:
      - hold: { type: approval, filters: { branches: { only: main } } }
      - deploy: { requires: [hold], context: production, filters: { branches: { only: main } } }
`;
const bitbucket = (script: string, keys = '          deployment: production\n'): string =>
  `image: atlassian/default-image:4.20240401\npipelines:\n  branches:\n    main:\n      - step:\n          name: Deploy\n${keys}          trigger: manual\n          script:\n${script}`;
const azure = (steps: string): string =>
  `trigger: [main]\npr: none\npool: { vmImage: ubuntu-24.04 }\nsteps:\n${steps}`;
const jenkins = (environment: string, steps = "sh 'aws s3 sync . s3://x'"): string =>
  `pipeline {\n  agent any\n  environment {\n${environment}  }\n  stages {\n    stage('deploy') {\n      when { branch 'main' }\n      steps {\n        ${steps}\n      }\n    }\n  }\n}\n`;

const PATCHED: readonly (readonly [what: string, file: string, text: string, has: string])[] = [
  [
    'keys of AWS that an orb takes',
    CIRCLECI,
    circleci(
      '      - aws-cli/setup:\n          aws_access_key_id: AWS_ACCESS_KEY_ID\n          aws_secret_access_key: AWS_SECRET_ACCESS_KEY\n          region: eu-central-1\n      - run: aws s3 sync . s3://x\n',
    ),
    '          role_arn: $AWS_ROLE_ARN\n          region: eu-central-1\n',
  ],
  [
    'keys of AWS written by a step of its own',
    CIRCLECI,
    circleci(
      '      - run: aws configure set aws_access_key_id $AWS_ACCESS_KEY_ID\n      - run: aws configure set aws_secret_access_key $AWS_SECRET_ACCESS_KEY\n      - run: aws s3 sync . s3://x\n',
    ),
    '(umask 077; printf %s "$CIRCLE_OIDC_TOKEN_V2" > /tmp/aws-id-token)',
  ],
  [
    'keys of AWS for later shells',
    CIRCLECI,
    circleci(
      '      - run: |\n          echo "export AWS_SECRET_ACCESS_KEY=$PROD_AWS_SECRET_ACCESS_KEY" >> $BASH_ENV\n      - run: aws s3 sync . s3://x\n',
    ),
    `echo 'export AWS_WEB_IDENTITY_TOKEN_FILE=/tmp/aws-id-token' >> "$BASH_ENV"`,
  ],
  [
    'a key of Google Cloud among other lines',
    CIRCLECI,
    circleci(
      '      - run:\n          name: deploy\n          command: |\n            echo $GCLOUD_SERVICE_KEY > key.json\n            gcloud auth activate-service-account --key-file=key.json\n            echo done > done.txt\n            gcloud app deploy\n',
    ),
    '          command: |\n            echo done > done.txt\n            gcloud app deploy\n',
  ],
  [
    'a key of Google Cloud that an orb takes',
    CIRCLECI,
    circleci(
      '      - gcp-cli/setup:\n          gcloud_service_key: GCLOUD_SERVICE_KEY\n      - run: gcloud app deploy\n',
    ),
    '          use_oidc: true\n',
  ],
  [
    'a token of Vault',
    CIRCLECI,
    circleci('      - run: vault login $VAULT_TOKEN\n      - run: vault kv get x\n'),
    'role="$VAULT_ROLE" jwt="$CIRCLE_OIDC_TOKEN_V2")" >> "$BASH_ENV"',
  ],
  [
    'keys of AWS in a script and in a pipe',
    BITBUCKET,
    bitbucket(
      '            - aws configure set aws_access_key_id $AWS_ACCESS_KEY_ID\n            - aws configure set aws_secret_access_key $AWS_SECRET_ACCESS_KEY\n            - aws s3 sync . s3://x\n            - pipe: docker://atlassian/aws-s3-deploy@sha256:9a1d4c6f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c9d1e3f5a7b9c1d3e5f7a9b1c3d\n              variables: { S3_BUCKET: x }\n',
    ),
    '          oidc: true\n          script:\n',
  ],
  [
    'a key of Google Cloud',
    BITBUCKET,
    bitbucket(
      '            - echo $GCLOUD_SERVICE_KEY | base64 -d > key.json\n            - gcloud auth activate-service-account --key-file=key.json\n            - gcloud app deploy\n',
      '',
    ),
    '            - export GOOGLE_APPLICATION_CREDENTIALS=/tmp/gcp-credentials.json\n            - gcloud app deploy\n',
  ],
  [
    'a login to Azure in front of what needs it',
    AZURE,
    azure(
      '  - script: |\n      az login --service-principal -u $(AZURE_CLIENT_ID) -p $(AZURE_CLIENT_SECRET) --tenant $(AZURE_TENANT_ID)\n      az webapp restart -n shop -g shop\n    displayName: Restart the shop\n',
    ),
    '  - task: AzureCLI@2\n    displayName: Restart the shop\n    inputs:\n      azureSubscription: azure-workload-identity\n',
  ],
  [
    'a secret for the provider of Terraform',
    AZURE,
    azure(
      '  - bash: terraform plan\n    env:\n      ARM_CLIENT_ID: $(ARM_CLIENT_ID)\n      ARM_CLIENT_SECRET: $(ARM_CLIENT_SECRET)\n      ARM_SUBSCRIPTION_ID: $(ARM_SUBSCRIPTION_ID)\n',
    ),
    'ARM_OIDC_TOKEN="$idToken"\n        terraform plan\n',
  ],
  [
    'keys of AWS in an environment',
    JENKINS,
    jenkins("    AWS_ACCESS_KEY_ID = credentials('id')\n    AWS_SECRET_ACCESS_KEY = credentials('secret')\n"),
    "    AWS_WEB_IDENTITY_TOKEN_FILE = credentials('aws-identity-token')\n    AWS_ROLE_ARN = '",
  ],
  [
    'keys of AWS in a binding',
    JENKINS,
    jenkins(
      "    REGION = 'eu-central-1'\n",
      "withCredentials([[$class: 'AmazonWebServicesCredentialsBinding', credentialsId: 'aws-prod']]) {\n          sh 'aws s3 ls'\n        }",
    ),
    "withCredentials([file(credentialsId: 'aws-identity-token', variable: 'AWS_WEB_IDENTITY_TOKEN_FILE')]) {",
  ],
  [
    'a secret of Azure in an environment',
    JENKINS,
    jenkins("    ARM_CLIENT_SECRET = credentials('arm')\n", "sh 'terraform plan'"),
    "ARM_OIDC_TOKEN_FILE_PATH = credentials('azure-identity-token')\n    ARM_USE_OIDC = 'true'\n",
  ],
];

it.each(PATCHED)('%s: patched (%s), and a scan has nothing more to say', (_, file, text, has) => {
  expect(remaining(file, text).join('\n')).toMatch(/ in /);
  const { after, reasons } = direct(file, text);
  expect([...reasons.values()]).toEqual([undefined]);
  expect(after).toContain(has);
  expect(remaining(file, after)).toEqual([]);
  // A second run finds nothing to do.
  expect(direct(file, after).after).toBe(after);
});

describe('what is left to a person, with the reason', () => {
  it.each([
    [
      CIRCLECI,
      circleci('      - run: ./deploy.sh --key "$AWS_SECRET_ACCESS_KEY"\n'),
      'the script itself handles the value',
    ],
    [
      CIRCLECI,
      circleci('      - run: az login --service-principal -u $ID -p $AZURE_CLIENT_SECRET --tenant $T\n'),
      'Entra ID compares the whole subject',
    ],
    [
      CIRCLECI,
      circleci('')
        .replace('      - checkout\n', '')
        .replace('    steps:\n', '    steps: [checkout, run: "vault login $VAULT_TOKEN"]\n'),
      'not written as a list with dashes',
    ],
    [
      BITBUCKET,
      bitbucket('            - aws configure set aws_secret_access_key $AWS_SECRET_ACCESS_KEY\n', ''),
      'its token names no branch',
    ],
    [
      BITBUCKET,
      bitbucket('            - ./deploy.sh $AWS_SECRET_ACCESS_KEY\n'),
      'the script itself handles the value',
    ],
    [
      AZURE,
      azure(
        '  - script: |\n      az login --service-principal -u x -p $(AZURE_CLIENT_SECRET) --tenant x\n      az account show\n  - script: az webapp restart\n',
      ),
      'later steps rely on this login',
    ],
    [
      AZURE,
      azure('  - bash: make\n    env:\n      AWS_SECRET_ACCESS_KEY: $(AWS_SECRET_ACCESS_KEY)\n'),
      'its tokens are for Entra ID',
    ],
    [
      JENKINS,
      jenkins("    AWS_SECRET_ACCESS_KEY = credentials('secret')\n", "sh 'deploy $AWS_SECRET_ACCESS_KEY'"),
      'the script itself handles the value',
    ],
    [
      JENKINS,
      jenkins("    VAULT_TOKEN = credentials('vault')\n", "sh 'vault kv get x'"),
      'OpenID Connect Provider',
    ],
  ])('in %s', (file, text, reason) => {
    const { after, reasons } = direct(file, text);
    expect([...reasons.values()].join()).toContain(reason);
    expect(after).toBe(text);
  });
});

it.each([
  [CIRCLECI, circleci(`      - run: ${'echo $GCLOUD_SERVICE_KEY > '.repeat(40_000)}\n`)],
  [CIRCLECI, circleci('      - run: vault login $VAULT_TOKEN\n'.repeat(20_000))],
  [BITBUCKET, bitbucket('            - vault login $VAULT_TOKEN\n'.repeat(20_000))],
  [AZURE, azure('  - script: az login --service-principal -p $(AZURE_CLIENT_SECRET)\n'.repeat(12_000))],
  [JENKINS, jenkins(`    AWS_SECRET_ACCESS_KEY = credentials('${'a'.repeat(900_000)}')\n`)],
  [JENKINS, jenkins("    AWS_SECRET_ACCESS_KEY = credentials('a')\n".repeat(15_000))],
])('a megabyte of %s is patched or refused without delay', (file, text) => {
  const start = threadMs();
  expect(typeof direct(file, text).after).toBe('string');
  expect(threadMs() - start).toBeLessThan(15_000);
});

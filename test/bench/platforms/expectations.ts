/** A file that another tool, or a challenge, says something about. */
export interface Expectation {
  /** Below the folder of the fixtures. */
  readonly file: string;
  /** What the other says of it. */
  readonly check: string;
  /** The rule of ours that has to say it; undefined where it must say nothing of this kind. */
  readonly rule: string;
  readonly fires: boolean;
  /** Why ours says something else, where it does. */
  readonly differs?: string;
}

const CHECKOV = 'bridgecrewio__checkov/tests/';
const POUTINE = 'boostsecurityio__poutine/scanner/testdata/';
const GOAT = 'cider-security-research__cicd-goat/gitea/repositories/';

const IN_SETTINGS =
  'solved by editing the Jenkinsfile in a pull request: trust of forks, credentials and executors stand in Jenkins';

function row(file: string, check: string, rule: string, fires = true, differs?: string): Expectation {
  return { file, check, rule, fires, ...(differs === undefined ? {} : { differs }) };
}

const argo = `${CHECKOV}argo_workflows/checks/template/`;
const azure = `${CHECKOV}azure_pipelines/checks/jobs/`;

/** Labels by the names of files and checks, and what the challenges' solutions use. */
export const expectations: readonly Expectation[] = [
  row(`${argo}example_DefaultServiceAccount/fail_default.yaml`, 'CKV_ARGO_1', 'argo-default-service-account'),
  row(`${argo}example_DefaultServiceAccount/fail_none.yaml`, 'CKV_ARGO_1', 'argo-default-service-account'),
  row(`${argo}example_DefaultServiceAccount/pass.yaml`, 'CKV_ARGO_1', 'argo-default-service-account', false),
  row(`${argo}example_RunAsNonRoot/fail.yaml`, 'CKV_ARGO_2', 'argo-unset-user'),
  row(`${argo}example_RunAsNonRoot/pass.yaml`, 'CKV_ARGO_2', 'argo-unset-user', false),
  row(`${azure}example_ContainerDigest/azure-pipelines.yml`, 'CKV_AZUREPIPELINES_2', 'unpinned-image'),
  row(`${azure}example_ContainerLatestTag/azure-pipelines.yml`, 'CKV_AZUREPIPELINES_1', 'unpinned-image'),
  row(
    `${azure}example_SetSecretVariable/azure-pipelines.yml`,
    'CKV_AZUREPIPELINES_3',
    'azure-unmasked-secret',
  ),
  row(
    `${CHECKOV}bitbucket_pipelines/resources/bitbucket-pipelines.yml`,
    'CKV_BITBUCKETPIPELINES_1',
    'unpinned-image',
  ),
  row(
    `${CHECKOV}circleci_pipelines/resources/.circleci/config.yml`,
    'CKV_CIRCLECIPIPELINES_1, _2',
    'unpinned-image',
  ),
  row(
    `${CHECKOV}circleci_pipelines/resources/.circleci/config.yml`,
    'CKV_CIRCLECIPIPELINES_3, _4',
    'unpinned-import',
  ),
  row(
    `${CHECKOV}circleci_pipelines/resources/.circleci/config.yml`,
    'CKV_CIRCLECIPIPELINES_6',
    'pasted-injection',
    true,
    '`echo $CIRCLE_BRANCH` reads a variable of the shell, which nothing takes for code',
  ),
  row(
    `${CHECKOV}circleci_pipelines/resources/.circleci/config.yml`,
    'CKV_CIRCLECIPIPELINES_7',
    'leaked-secret',
    true,
    'a secret in a header of `curl` is how every interface is called',
  ),
  row(`${CHECKOV}gitlab_ci/resources/curl/.gitlab-ci.yml`, 'CKV_GITLABCI_1', 'gitlab-job-token-exposure'),
  row(`${CHECKOV}gitlab_ci/resources/rules/.gitlab-ci.yml`, 'CKV_GITLABCI_2', 'gitlab-unreachable-rule'),
  row(`${POUTINE}.azure-pipelines.yml`, 'debug_enabled', 'debug-mode'),
  row(`${POUTINE}.azure-pipelines.yml`, 'injection', 'pasted-injection'),
  row(`${POUTINE}azure-pipelines-1.yml`, 'unverified_script_exec', 'piped-download'),
  row(`${POUTINE}.gitlab-ci.yml`, 'debug_enabled', 'gitlab-debug-trace'),
  row(`${POUTINE}.gitlab-ci.yml`, 'injection', 'gitlab-input-injection'),
  row(`${POUTINE}.gitlab-ci.yml`, 'unpinnable include', 'gitlab-unpinned-include'),
  row(`${POUTINE}.tekton/pipeline-as-code-tekton.yml`, 'injection', 'pasted-injection'),
  row(
    `${POUTINE}.tekton/pipeline-as-code-tekton.yml`,
    'untrusted_checkout_exec',
    'foreign-code-with-credentials',
    true,
    'the run holds no credential that the file names; with one it is reported',
  ),
  row(
    `${POUTINE}azure-pipelines-2.yml`,
    'untrusted_checkout_exec',
    'foreign-code-with-credentials',
    true,
    'the run holds no credential that the file names; with one it is reported',
  ),
  row(`${GOAT}reportcov/Jenkinsfile`, 'title of a pull request in a command', 'pasted-injection'),
  row(
    `${GOAT}mad-hatter-pipeline/Jenkinsfile`,
    'foreign Makefile beside a credential',
    'foreign-code-with-credentials',
  ),
  row(`${GOAT}caterpillar/Jenkinsfile`, 'foreign code', 'foreign-code-with-credentials', true, IN_SETTINGS),
  row(`${GOAT}cheshire-cat/Jenkinsfile`, 'code on the controller', 'shared-agent-for-outsiders'),
  row(`${GOAT}white-rabbit/Jenkinsfile`, 'foreign code', 'foreign-code-with-credentials', true, IN_SETTINGS),
];

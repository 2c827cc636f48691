import { describe, expect, it } from 'vitest';
import { scanFiles } from '../testing/scan-text.ts';
import { findDeployment } from './deployments.ts';

function deploysIn(file: string, text: string): string | undefined {
  const { repository } = scanFiles([{ file, text }]);
  return repository.pipelines.flatMap(({ jobs }) =>
    jobs.flatMap((job) => findDeployment(job)?.what ?? []),
  )[0];
}

describe('a task of Azure Pipelines', () => {
  const task = (name: string, inputs = '') =>
    deploysIn('azure-pipelines.yml', `steps:\n  - task: ${name}\n    inputs: { ${inputs} }\n`);

  it.each([
    ['AzureWebApp@1', ''],
    ['AzureRmWebAppDeployment@4', 'appType: webApp'],
    ['AzureFunctionApp@2', ''],
    ['KubernetesManifest@1', 'action: deploy'],
    ['KubernetesManifest@1', ''],
    ['HelmDeploy@0', 'command: upgrade'],
    ['Kubernetes@1', 'command: apply'],
    ['AzureResourceManagerTemplateDeployment@3', 'deploymentMode: Incremental'],
    ['ms-devlabs.custom-terraform-tasks.custom-terraform-release-task.TerraformTaskV4@4', 'command: apply'],
  ])('%s with { %s } deploys', (name, inputs) => expect(task(name, inputs)).toBe(name.slice(0, 60)));

  it.each([
    ['HelmDeploy@0', 'command: package'],
    ['HelmDeploy@0', ''],
    ['KubernetesManifest@1', 'action: bake'],
    ['Kubernetes@1', 'command: get'],
    ['AzureResourceManagerTemplateDeployment@3', 'deploymentMode: Validation'],
    ['TerraformTaskV4@4', 'command: plan'],
    ['PublishBuildArtifacts@1', ''],
    ['toString@1', ''],
  ])('%s with { %s } does not', (name, inputs) => expect(task(name, inputs)).toBeUndefined());
});

it('is an action of GitHub by its name, and not a task that is called alike', () => {
  const uses = (name: string) =>
    deploysIn(
      '.github/workflows/a.yml',
      `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: ${name}\n`,
    );
  expect(uses('azure/webapps-deploy@v3')).toBe('azure/webapps-deploy');
  expect(uses('acme/azurewebapp@v1')).toBeUndefined();
});

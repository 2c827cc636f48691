import { type AzureStep, isAzurePipeline, type TaskUse } from '#pipeline/azure/model.ts';
import { inputOf } from '#pipeline/azure/read-steps.ts';
import type { Step } from '#pipeline/model.ts';
import type { Rule } from '../../rule.ts';
import { storedCredentialsOf } from '../../shared/surface-credentials.ts';

function isAzureStep(step: Step): step is AzureStep {
  return isAzurePipeline(step.job.pipeline);
}

function wordOf(task: TaskUse, ...names: readonly string[]): string | undefined {
  const found = names
    .map((name) => inputOf(task, name)?.value?.value.trim())
    .find((value) => value !== undefined);
  return found?.toLowerCase();
}

/** The newest run of another pipeline, whichever branch it ran for; that is what the tasks do when nobody says more. */
function takesNewest(task: TaskUse): boolean {
  if (!/^download(?:pipeline|build)artifacts?$/i.test(task.name)) return false;
  if (wordOf(task, 'source', 'buildType') !== 'specific') return false;
  if (wordOf(task, 'preferTriggeringPipeline', 'specificBuildWithTriggering') === 'true') return false;
  const version = wordOf(task, 'runVersion', 'buildVersionToDownload') ?? 'latest';
  return version === 'latest';
}

export const rule: Rule = {
  id: 'azure-foreign-artifact',
  title: 'Files of the newest run of another pipeline, from whichever branch',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['azure'],
  standards: { cicdSec: ['CICD-SEC-9', 'CICD-SEC-4'], cwe: ['CWE-345', 'CWE-494'], cis: ['2.4.6'] },
  description:
    'Looks for tasks that download artifacts of another pipeline with `latest` and without a branch. Those of jobs that hold credentials or deploy are shown to everybody.',
  why: 'The newest run may be one for a pull request or a branch that nobody looked at: its files then take the place of those that were built from the main branch, and this job works with them, with its own credentials.',
  remedy:
    'Write `runVersion: latestFromBranch` with `runBranch: refs/heads/main` (`buildVersionToDownload` and `branchName` in the older task), or declare the pipeline under `resources.pipelines` with `branch:` and use `download:`.',
  references: [
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/tasks/reference/download-pipeline-artifact-v2',
  ],
  aliases: [],

  step(step, context) {
    if (!isAzureStep(step) || step.task === undefined || !takesNewest(step.task)) return;
    const { surface } = step.job;
    const [credential] = storedCredentialsOf(surface);
    const isPrivileged = credential !== undefined || surface.deploysTo !== undefined;
    const from = inputOf(step.task, 'pipeline') ?? inputOf(step.task, 'definition');
    const name = from?.value?.value.trim().slice(0, 50) ?? 'another pipeline';
    context.report({
      at: step.work.kind === 'action' ? step.work.text.node : step.node,
      message: `${step.task.name} takes the files of the newest run of ${name}, whichever branch or pull request it was for`,
      severity: isPrivileged ? 'medium' : 'low',
      persona: isPrivileged ? 'regular' : 'pedantic',
      key: name,
    });
  },
};

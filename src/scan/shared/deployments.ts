import type { ActionUse, Job } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { Text } from '#pipeline/text.ts';

/** Commands that change something that runs. A dry run, a plan and help are cut out by `REHEARSAL`. */
const COMMANDS =
  /\b(?:kubectl\s+(?:-\S+\s+\S+\s+)*(?:apply|rollout\s+restart|set\s+image)|helm\s+(?:upgrade|install)|(?:terraform|tofu|terragrunt)\s+(?:-\S+\s+)*apply|pulumi\s+up|cdk\s+deploy|sam\s+deploy|(?:serverless|sls)\s+deploy|aws\s+(?:ecs\s+update-service|cloudformation\s+deploy|lambda\s+update-function-code)|gcloud\s+(?:run|app|functions)\s+deploy|az\s+(?:webapp|functionapp|containerapp)\s+(?:deploy|up|update)|fly(?:ctl)?\s+deploy|wrangler\s+(?:deploy|publish)|firebase\s+deploy|netlify\s+deploy|vercel\s+(?:deploy|--prod)|ansible-playbook)\b/;
/** A word of each of them: most scripts have none. */
const PROGRAMS =
  /kubectl|helm|terra|tofu|pulumi|cdk|sam|serverless|sls|aws|gcloud|\baz\b|fly|wrangler|firebase|netlify|vercel|ansible/;
const REHEARSAL = /--dry-run|--check\b|--help|\bkind\b|minikube|\blocal(?:host)?\b/;

const ACTIONS = new Set([
  'aws-actions/amazon-ecs-deploy-task-definition',
  'aws-actions/aws-cloudformation-github-deploy',
  'azure/functions-action',
  'azure/k8s-deploy',
  'azure/webapps-deploy',
  'cloudflare/wrangler-action',
  'firebaseextended/action-hosting-deploy',
  'google-github-actions/deploy-appengine',
  'google-github-actions/deploy-cloud-functions',
  'google-github-actions/deploy-cloudrun',
  'amondnet/vercel-action',
]);

/** Tasks of Azure Pipelines that change what runs somewhere, whatever they are told. */
const TASKS = new Set([
  'azurecontainerapps',
  'azurefunctionapp',
  'azurefunctionappcontainer',
  'azuremysqldeployment',
  'azureresourcegroupdeployment',
  'azurermwebappdeployment',
  'azurespringcloud',
  'azurestaticwebapp',
  'azurevmssdeployment',
  'azurewebapp',
  'azurewebappcontainer',
  'beanstalkdeployapplication',
  'cloudformationcreateorupdatestack',
  'codedeploydeployapplication',
  'iiswebappdeployment',
  'iiswebappdeploymentonmachinegroup',
  'lambdadeployfunction',
  'servicefabricdeploy',
  'sqlazuredacpacdeployment',
  'sqldacpacdeploymentonmachinegroup',
]);

/** Those that do it only for some of what they can be told, by input; what is said where nothing stands comes first. */
const TOLD_TASKS: Readonly<
  Record<string, { readonly input: string; readonly deploys: RegExp; readonly otherwise: string }>
> = {
  azureresourcemanagertemplatedeployment: {
    input: 'deploymentmode',
    deploys: /^(?:incremental|complete)$/i,
    otherwise: 'Incremental',
  },
  helmdeploy: { input: 'command', deploys: /^(?:install|upgrade|rollback)$/i, otherwise: 'ls' },
  kubernetes: {
    input: 'command',
    deploys: /^(?:apply|create|set|replace|rollout|scale)$/i,
    otherwise: 'apply',
  },
  kubernetesmanifest: { input: 'action', deploys: /^(?:deploy|promote|patch|scale)$/i, otherwise: 'deploy' },
  pulumi: { input: 'command', deploys: /^up\b/i, otherwise: '' },
  terraformcli: { input: 'command', deploys: /^apply$/i, otherwise: '' },
  terraformtask: { input: 'command', deploys: /^apply$/i, otherwise: 'init' },
  terraformtaskv1: { input: 'command', deploys: /^apply$/i, otherwise: 'init' },
  terraformtaskv2: { input: 'command', deploys: /^apply$/i, otherwise: 'init' },
  terraformtaskv3: { input: 'command', deploys: /^apply$/i, otherwise: 'init' },
  terraformtaskv4: { input: 'command', deploys: /^apply$/i, otherwise: 'init' },
};

/** Some tasks are named with their publisher: `ms-devlabs.custom-terraform-tasks.…TerraformTaskV4`. */
const taskName = ({ reference }: ActionUse): string => reference.repository.split('.').at(-1) ?? '';

function isDeployingTask(use: ActionUse): boolean {
  const name = taskName(use);
  if (TASKS.has(name)) return true;
  const told = Object.hasOwn(TOLD_TASKS, name) ? TOLD_TASKS[name] : undefined;
  if (told === undefined) return false;
  const given = use.inputs.find((each) => each.name.toLowerCase() === told.input)?.value?.value;
  return told.deploys.test((given ?? told.otherwise).trim());
}

export interface Deployment {
  readonly span: Span;
  readonly what: string;
  /** What it stands in. */
  readonly text: Text;
}

/** The first thing in a job that changes what runs somewhere; a cluster inside of the job does not count. */
export function findDeployment(job: Job): Deployment | undefined {
  const found = findFirst(job);
  return found === undefined || hasOwnCluster(job) ? undefined : found;
}

function hasOwnCluster({ steps }: Job): boolean {
  const inside = /\b(?:kind|minikube|k3d|k3s|localstack)\b/i;
  return steps.some(({ work }) => work.kind !== 'other' && inside.test(work.text.value));
}

function deploys(use: ActionUse, { pipeline }: Job): boolean {
  return pipeline.platform === 'azure' ? isDeployingTask(use) : ACTIONS.has(use.reference.repository);
}

function findFirst(job: Job): Deployment | undefined {
  for (const { work } of job.steps) {
    if (work.kind === 'action' && deploys(work, job)) {
      const what =
        job.pipeline.platform === 'azure' ? work.text.value.slice(0, 60) : work.reference.repository;
      return { span: work.text.node, what, text: work.text };
    }
    if (work.kind !== 'script' || !PROGRAMS.test(work.text.value)) continue;
    for (const line of work.text.value.matchAll(/[^\n]+/g)) {
      if (/^\s*(?:#|echo\b)/.test(line[0]) || line[0].length > 4_000 || REHEARSAL.test(line[0])) continue;
      const match = COMMANDS.exec(line[0]);
      if (match === null) continue;
      const start = line.index + match.index;
      return {
        span: work.text.span(start, start + match[0].length),
        what: match[0].replaceAll(/\s+/g, ' ').slice(0, 60),
        text: work.text,
      };
    }
  }
  return undefined;
}

/** Secrets that a job names, other than the platform's own token. */
export function findSecret(job: Job): string | undefined {
  const text = job.pipeline.source.slice(job.node);
  for (const [, name] of text.matchAll(/\bsecrets\.(\w+)/g)) {
    if (name !== undefined && name.toUpperCase() !== 'GITHUB_TOKEN') return name;
  }
  return undefined;
}

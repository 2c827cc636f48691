import type { Job } from '#pipeline/model.ts';
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

function findFirst(job: Job): Deployment | undefined {
  for (const { work } of job.steps) {
    if (work.kind === 'action' && ACTIONS.has(work.reference.repository)) {
      return { span: work.text.node, what: work.reference.repository, text: work.text };
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

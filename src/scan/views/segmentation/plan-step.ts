import type { Platform } from '#pipeline/model.ts';
import type { ThingUse } from '../../shared/segmentation.ts';
import type { Ranked } from '../../shared/rank-things.ts';

/** Where only production’s branches may read: a name for it, and how it is made. */
interface Store {
  readonly name: string;
  readonly how: string;
}

const STORES: Readonly<Partial<Record<Platform, Store>>> = {
  github: {
    name: 'an environment',
    how: 'Make the environment `production` in the settings of the repository, let only `main` and release tags use it, store the value there and delete it from the repository; the job says `environment: production`.',
  },
  gitlab: {
    name: 'a protected variable',
    how: 'Mark the variable as protected and bind it to the environment `production`; the job says `environment: production`.',
  },
  azure: {
    name: 'a checked service connection or variable group',
    how: 'Give the service connection or variable group a branch control check for `refs/heads/main` and an approval.',
  },
  circleci: {
    name: 'a restricted context',
    how: 'Restrict the context with the expression `pipeline.git.branch == "main"` and name it in the deploy job only.',
  },
  bitbucket: {
    name: 'a deployment variable',
    how: 'Store the variable in the deployment environment, restrict that to `main`; the step says `deployment: production`.',
  },
  jenkins: {
    name: 'the credentials of a folder',
    how: 'Store the credential in a folder that only the release jobs are in, not in the global store.',
  },
  tekton: {
    name: 'a service account of its own',
    how: 'Run release pipelines in a namespace and under a service account of their own, with the secret there.',
  },
  argo: {
    name: 'a service account of its own',
    how: 'Run release workflows in a namespace and under a service account of their own, with the secret there.',
  },
  woodpecker: {
    name: 'a secret for releases',
    how: 'Bind the secret to the events `tag` and `deployment`.',
  },
};

/** How the stores are made that a plan speaks of. */
export function describeStores(platforms: ReadonlySet<string>): string[] {
  return Object.entries(STORES).flatMap(([platform, { how }]) => (platforms.has(platform) ? [how] : []));
}

function placeOf({ job, source, span }: ThingUse, prefix: string): string {
  return `\`${prefix}${source.file}:${source.position(span.start).line}\` (job \`${job.id.slice(0, 60)}\`)`;
}

function storeFor(use: ThingUse | undefined): string {
  const store = use === undefined ? undefined : STORES[use.job.pipeline.platform];
  return store?.name ?? 'a store that only production’s branches may read';
}

/** What to change so that a thing belongs to production alone; one or two sentences. */
export function describeStep({ thing, zone }: Ranked, prefixOf: (use: ThingUse) => string): string {
  const others = thing.uses.filter(({ zones }) => zones.has(zone));
  const [other] = others;
  const production =
    thing.uses.find(({ zones, acts }) => zones.has('production') && acts !== undefined) ??
    thing.uses.find(({ zones }) => zones.has('production'));
  const at = other === undefined ? '' : placeOf(other, prefixOf(other));
  const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
  const same = other !== undefined && other.job === production?.job;
  const mine = production === undefined || same ? 'production' : placeOf(production, prefixOf(production));
  switch (thing.kind) {
    case 'secret':
    case 'secret-group':
    case 'connection':
      break;
    case 'role':
      return `Let the role’s trust policy name one environment or \`ref:refs/heads/main\`; give ${at}${more} a second role that only reads.`;
    case 'runner':
      return `Give ${mine} build agents of its own, in a group that only its pipeline may use; ${at}${more} keeps these, a fresh machine for each job.`;
    case 'cache':
      return `Begin the key at ${at}${more} with the name of the branch, and let production restore only what production saved.`;
    case 'image':
      return `Let ${at}${more} push to a repository of its own, so that what production pulls comes from production’s branches only.`;
    case 'environment':
      return `Allow only \`main\` and tags in the settings of the environment \`${thing.name.slice(0, 60)}\`; ${at}${more} gets another one.`;
  }
  return same
    ? `Take what needs it out of ${at} into a job for production alone, with the value in ${storeFor(production)}.`
    : `Move it into ${storeFor(production)}, for ${mine}; give ${at}${more} one that can do less, or none.`;
}

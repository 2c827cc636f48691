import type { Job, Pipeline, Step, Variable } from '#pipeline/model.ts';
import type { Text } from '#pipeline/text.ts';
import { secretsIn } from '../../../shared/secret-use.ts';
import { cloudOfRegistry, credentialKindOf } from '../../../shared/static-credentials.ts';
import type { StoredCredential, StoredUse, UsePlace } from './stored-use.ts';

interface Place {
  readonly place: UsePlace;
  readonly step?: Step;
  readonly action?: string;
}

function usesIn(text: Text | undefined, holder: string, { place, step, action }: Place, variable?: Variable) {
  if (text === undefined) return [];
  return secretsIn(text).flatMap((use): StoredUse[] => {
    const kind = credentialKindOf(holder, use.name, action);
    if (kind === undefined || use.kind !== 'named') return [];
    const { span } = use;
    return [{ kind, secret: use.name, holder, place, step, variable, span, source: text.source }];
  });
}

function usesInVariables(variables: readonly Variable[], place: Place): StoredUse[] {
  // With an address of its own the store only speaks like that of AWS.
  const elsewhere = variables.some(({ name }) => /endpoint/i.test(name));
  return variables
    .flatMap((variable) => usesIn(variable.value, variable.name, place, variable))
    .filter(({ kind }) => !(elsewhere && kind.id === 'aws'));
}

function usesInStep(step: Step): StoredUse[] {
  const { env, work } = step;
  const inEnv = usesInVariables(env, { place: 'step-variable', step });
  if (work.kind === 'script') return [...inEnv, ...usesIn(work.text, '', { place: 'script', step })];
  if (work.kind !== 'action') return inEnv;
  const registry = work.inputs.find(({ name }) => name === 'registry')?.value?.value ?? '';
  const inInputs = usesInVariables(work.inputs, { place: 'input', step, action: work.reference.repository });
  return [
    ...inEnv,
    ...inInputs.map((use) =>
      use.kind.id === 'container-registry' ? { ...use, kind: cloudOfRegistry(registry) ?? use.kind } : use,
    ),
  ];
}

function usesInJob(job: Job): StoredUse[] {
  const images = [...(job.container === undefined ? [] : [job.container]), ...job.services];
  return [
    ...usesInVariables(job.env, { place: 'job-variable' }),
    ...job.steps.flatMap(usesInStep),
    ...images.flatMap(({ credentials }) => usesInVariables(credentials, { place: 'image' })),
    ...usesInVariables([...(job.call?.inputs ?? []), ...(job.call?.secrets ?? [])], { place: 'call' }),
  ];
}

/** Variables of a whole workflow that hold a secret; nobody writes more of them. */
const SHARED_MAX = 50;

/** Jobs that read a variable of the whole workflow; all of them when none names it, as programs look by themselves. */
function readersOf({ jobs, source }: Pipeline, { holder }: StoredUse): ReadonlySet<Job> {
  const able = jobs.filter(({ call }) => call === undefined);
  const naming = able.filter(({ node }) => source.slice(node).includes(holder));
  return new Set(naming.length > 0 ? naming : able);
}

/** Stored credentials of a workflow of GitHub, by job and kind, in the order of the file. */
export function findInWorkflow(pipeline: Pipeline): StoredCredential[] {
  const shared = usesInVariables(pipeline.env, { place: 'pipeline-variable' })
    .slice(0, SHARED_MAX)
    .map((use) => ({ use, readers: readersOf(pipeline, use) }));
  return pipeline.jobs.flatMap((job) => {
    const wide = shared.flatMap(({ use, readers }) => (readers.has(job) ? [use] : []));
    const uses = [...wide, ...usesInJob(job)];
    return [...Map.groupBy(uses, ({ kind }) => kind)].flatMap(([kind, [first, ...others]]) =>
      first === undefined
        ? []
        : [{ platform: pipeline.platform, kind, job, uses: [first, ...others] as const }],
    );
  });
}

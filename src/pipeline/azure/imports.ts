import type { Pin } from '../reference.ts';
import type { ImportUse } from '../surface.ts';
import { asScalar, findValue } from '../yaml/access.ts';
import type { AzurePipeline, RepositoryResource } from './model.ts';

const COMMIT = /^[0-9a-f]{40}$/;

/** `refs/heads/x`, `refs/tags/x`, or a commit; without one the default branch. */
function pinOfAzureRef(ref: string | undefined): Pin {
  if (ref === undefined || ref === '') return 'none';
  if (/\$[({[]/.test(ref)) return 'computed';
  if (COMMIT.test(ref)) return 'commit';
  return ref.startsWith('refs/tags/') ? 'tag' : 'branch';
}

/** Aliases whose code becomes part of the run: by a template, or by a checkout beside the own code. */
function aliasesInUse(pipeline: AzurePipeline): ReadonlyMap<string, 'template' | 'script'> {
  const used = new Map<string, 'template' | 'script'>();
  for (const { steps } of pipeline.jobs) {
    for (const { node, word } of steps) {
      const name = word.value === 'checkout' ? asScalar(findValue(node, 'checkout'))?.value : undefined;
      if (name !== undefined) used.set(name, 'script');
    }
  }
  for (const { alias } of pipeline.calls) if (alias !== undefined) used.set(alias, 'template');
  return used;
}

function repositoryImport(
  { alias, node, name, ref, type }: RepositoryResource,
  kind: ImportUse['kind'],
  pipeline: AzurePipeline,
): ImportUse {
  return {
    kind,
    name: `${name?.value ?? alias} (${alias})`,
    version: ref?.value,
    pin: pinOfAzureRef(ref?.value),
    immutable: false,
    // `git` is Azure Repos of the same organisation.
    origin: type === 'git' ? 'own' : 'third-party',
    source: pipeline.source,
    span: ref?.node ?? name?.node ?? node,
  };
}

/** Extensions of Microsoft itself. */
const OWN_TASK = /^(?:ms|microsoft|onebranch|1es|vs[a-z]{0,20})[.-]/i;

/** A task with the name of its publisher comes from the marketplace; the others are Azure's. */
function taskImports(pipeline: AzurePipeline): ImportUse[] {
  return pipeline.jobs.flatMap(({ steps }) =>
    steps.flatMap(({ task, work, node }) => {
      if (task === undefined || !task.name.includes('.') || OWN_TASK.test(task.name)) return [];
      const { name, version } = task;
      const immutable = version !== undefined && /^\d+\.\d+\.\d+$/.test(version);
      const span = work.kind === 'action' ? work.text.node : node;
      const shared = { source: pipeline.source, span, origin: 'third-party' } as const;
      return [
        { ...shared, kind: 'task', name, version, pin: version === undefined ? 'none' : 'tag', immutable },
      ];
    }),
  );
}

/** `more` are the aliases that the templates of the repository use: the file that a run starts from declares them. */
export function importsOf(pipeline: AzurePipeline, more: readonly string[]): ImportUse[] {
  const used = new Map([...more.map((alias) => [alias, 'template'] as const), ...aliasesInUse(pipeline)]);
  const repositories = pipeline.repositories.flatMap((each) => {
    const kind = used.get(each.alias);
    return kind === undefined ? [] : [repositoryImport(each, kind, pipeline)];
  });
  return [...repositories, ...taskImports(pipeline)];
}

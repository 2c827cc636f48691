import { entriesOf } from '../kubernetes/containers.ts';
import { valueAt, wordAt } from '../kubernetes/manifest.ts';
import type { SourceText } from '../source.ts';
import type { Place } from '../surface.ts';
import { asMapping, asScalar, asSequence, findValue, scalarsOf } from '../yaml/access.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';

/** The tasks of a pipeline, those at its end, too. */
export function tasksOf(spec: YamlNode | undefined): MappingNode[] {
  return ['tasks', 'finally'].flatMap((key) =>
    entriesOf(findValue(spec, key)).flatMap((each) => asMapping(each) ?? []),
  );
}

const RESULT = /\$\(tasks\.([\w-]{1,100})\.(?:results|outputs)/g;
const VALUES_MAX = 200;

/** Texts somewhere below, within bounds. */
function textsBelow(node: YamlNode | undefined, depth = 0): ScalarNode[] {
  const scalar = asScalar(node);
  if (scalar !== undefined) return [scalar];
  if (depth > 4) return [];
  const list = asSequence(node)?.items ?? asMapping(node)?.entries.map(({ value }) => value) ?? [];
  return list.slice(0, VALUES_MAX).flatMap((each) => textsBelow(each, depth + 1));
}

/** The tasks that a task comes after: those that it names, and those whose results it reads. */
export function neededBy(task: YamlNode): ScalarNode[] {
  const named = scalarsOf(findValue(task, 'runAfter'));
  const texts = ['params', 'when', 'matrix'].flatMap((key) => textsBelow(findValue(task, key)));
  const read = texts
    .filter(({ value }) => value.includes('$(tasks.'))
    .flatMap((node) =>
      [...node.value.matchAll(RESULT)].flatMap(([, name]) =>
        name === undefined ? [] : [{ ...node, value: name, exact: false }],
      ),
    );
  return [...named, ...read].slice(0, VALUES_MAX);
}

function isApproval(task: YamlNode): boolean {
  const kind = wordAt(task, 'taskRef', 'kind') ?? wordAt(task, 'taskSpec', 'kind') ?? '';
  return /^(?:Approval|ManualApproval|Wait)\w*Task$|^Approval$/.test(kind);
}

const WAITS_MAX = 20;

/** Where the run waits for a person before it comes to a task, by task; those without a wait are left out. */
export function findWaits(pipeline: YamlNode, source: SourceText): ReadonlyMap<YamlNode, readonly Place[]> {
  const tasks = tasksOf(pipeline);
  const waits = new Map<YamlNode, Place[]>();
  const approvals = tasks.filter(isApproval).slice(0, WAITS_MAX);
  if (approvals.length === 0) return waits;
  const followers = new Map<string, MappingNode[]>();
  for (const task of tasks) {
    for (const { value } of neededBy(task)) {
      const known = followers.get(value);
      if (known === undefined) followers.set(value, [task]);
      else known.push(task);
    }
  }
  for (const approval of approvals) {
    const place = { source, span: valueAt(approval, 'taskRef') ?? approval };
    const [open, seen]: [MappingNode[], Set<MappingNode>] = [[approval], new Set()];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      waits.set(next, [...(waits.get(next) ?? []), place]);
      open.push(...(followers.get(wordAt(next, 'name') ?? '') ?? []));
    }
  }
  return waits;
}

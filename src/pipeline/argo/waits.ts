import { entriesOf } from '../kubernetes/containers.ts';
import { valueAt, wordAt } from '../kubernetes/manifest.ts';
import type { SourceText } from '../source.ts';
import type { Place } from '../surface.ts';
import { asMapping, findEntry, findValue, scalarsOf } from '../yaml/access.ts';
import type { MappingNode, YamlNode } from '../yaml/node.ts';

type Find = (call: YamlNode) => MappingNode | undefined;

/** A template that waits until somebody lets it go on; with a time it goes on by itself. */
function isWait(template: YamlNode | undefined): boolean {
  const suspend = findEntry(template, 'suspend');
  return suspend !== undefined && findValue(suspend.value, 'duration') === undefined;
}

const NAME = /[\w-]{1,100}/g;

/** The tasks that stand before one, by `dependencies:` or by the expression in `depends:`. */
function namesBefore(task: YamlNode): string[] {
  const depends = (wordAt(task, 'depends') ?? '').slice(0, 5000);
  return [
    ...scalarsOf(findValue(task, 'dependencies')).map(({ value }) => value),
    ...(depends.match(NAME) ?? []),
  ];
}

function before(call: YamlNode, template: YamlNode): YamlNode[] {
  const groups = entriesOf(findValue(template, 'steps'));
  const at = groups.findIndex((group) => entriesOf(group).some((each) => asMapping(each) === call));
  if (at !== -1) return groups.slice(0, at).flatMap((group) => [...entriesOf(group)]);
  const tasks = new Map(
    entriesOf(valueAt(template, 'dag', 'tasks')).map((task) => [wordAt(task, 'name') ?? '', task]),
  );
  const [open, seen]: [string[], Set<string>] = [namesBefore(call), new Set()];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const task = seen.has(name) ? undefined : tasks.get(name);
    seen.add(name);
    if (task !== undefined) open.push(...namesBefore(task));
  }
  return [...seen].flatMap((name) => tasks.get(name) ?? []);
}

/** Where the run waits for a person before it comes to a call. */
export function waitsBefore(call: YamlNode, template: YamlNode, find: Find, source: SourceText): Place[] {
  return before(call, template)
    .filter((each) => isWait(find(each)))
    .map((span) => ({ source, span }));
}

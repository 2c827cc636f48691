import type { Place } from '../surface.ts';
import type { SourceText } from '../source.ts';
import { asMapping, asScalar, itemsOf, scalarsOf } from '../yaml/access.ts';
import { type Member, memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { ScalarNode, YamlNode } from '../yaml/node.ts';

/** A job as a workflow runs it. */
export interface Invocation {
  /** Of the definition: `deploy`, `node/test`. */
  readonly definition: string;
  readonly key: ScalarNode;
  /** In its workflow. */
  readonly name: string;
  readonly settings: ReadonlyMap<string, Member>;
  readonly workflow: YamlNode;
  readonly contexts: readonly ScalarNode[];
  readonly requires: readonly ScalarNode[];
  /** Where the run waits for somebody before it comes to this job. */
  readonly approvals: readonly Place[];
}

interface Entry extends Omit<Invocation, 'approvals'> {
  readonly isApproval: boolean;
}

const INVOCATIONS_MAX = 2_000;
const REQUIRES_MAX = 100;
const APPROVALS_MAX = 20;

/** `requires:` names jobs, or says beside the name with which result. */
function requiredBy(settings: ReadonlyMap<string, Member>): ScalarNode[] {
  return itemsOf(settings.get('requires')?.value)
    .slice(0, REQUIRES_MAX)
    .flatMap((item) => asScalar(item) ?? [...membersOf(item).values()].map(({ key }) => key));
}

function readEntry(item: YamlNode, workflow: YamlNode): Entry | undefined {
  const [first] = membersOf(item).values();
  const key = asScalar(item) ?? first?.key;
  if (key === undefined || key.value === '') return undefined;
  const settings = membersOf(first?.value);
  return {
    definition: key.value,
    key,
    name: asScalar(settings.get('name')?.value)?.value ?? key.value,
    settings,
    workflow,
    contexts: scalarsOf(settings.get('context')?.value),
    requires: requiredBy(settings),
    isApproval: asScalar(settings.get('type')?.value)?.value === 'approval',
  };
}

/** What has to be through before a job begins; from each approval on, along what waits for it. */
function findApprovals(entries: readonly Entry[], source: SourceText): Map<Entry, Place[]> {
  const found = new Map<Entry, Place[]>();
  const waiting = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const { value } of entry.requires) {
      const list = waiting.get(value);
      if (list === undefined) waiting.set(value, [entry]);
      else list.push(entry);
    }
  }
  for (const approval of entries.filter(({ isApproval }) => isApproval).slice(0, APPROVALS_MAX)) {
    const behind = new Set([approval]);
    for (const each of behind) for (const next of waiting.get(each.name) ?? []) behind.add(next);
    for (const each of behind) {
      found.set(each, [...(found.get(each) ?? []), { source, span: approval.key }]);
    }
  }
  return found;
}

function readWorkflow(workflow: YamlNode, source: SourceText): Invocation[] {
  const entries = itemsOf(memberOf(workflow, 'jobs')).flatMap((item) => readEntry(item, workflow) ?? []);
  const bounded = entries.slice(0, INVOCATIONS_MAX);
  const approvals = findApprovals(bounded, source);
  return bounded
    .filter(({ isApproval }) => !isApproval)
    .map((each) => ({ ...each, approvals: approvals.get(each) ?? [] }));
}

/** The jobs that the workflows of a file run, each as often as it is run. */
export function readInvocations(workflows: YamlNode | undefined, source: SourceText): Invocation[] {
  const all: Invocation[] = [];
  for (const [name, { value }] of membersOf(workflows)) {
    if (name === 'version' || asMapping(value) === undefined || all.length >= INVOCATIONS_MAX) continue;
    all.push(...readWorkflow(value, source));
  }
  return all.slice(0, INVOCATIONS_MAX);
}

import type { Start } from '../surface.ts';
import type { Trigger } from '../trigger.ts';
import { asMapping, asScalar, findEntry, findValue, isNull, itemsOf, scalarsOf } from '../yaml/access.ts';
import type { MappingNode, YamlNode } from '../yaml/node.ts';
import type { Known, Situation } from './conditions.ts';

/** Named as they stand in the settings of a pipeline. */
const FORK_BUILDS = '"Build pull requests from forks of this repository"';
export const FORK_TOKEN = '"… the same permissions as regular builds" for forks';
const FORK_SECRETS = '"Make secrets available to builds of forks"';

const PRODUCTION = /^(?:refs\/heads\/)?(?:main|master|trunk|prod(?:uction)?|releases?(?:[/-].*)?|v?\d.*)$/;

function isNone(node: YamlNode): boolean {
  const scalar = asScalar(node);
  return scalar !== undefined && /^none$/i.test(scalar.value);
}

/** Branches that start a run: a list, or `branches: { include: … }`; undefined for all of them. */
function branchesOf(node: YamlNode | undefined): readonly string[] | undefined {
  if (node === undefined || isNull(node)) return undefined;
  if (asMapping(node) === undefined) return scalarsOf(node).map(({ value }) => value);
  const branches = findValue(node, 'branches');
  if (branches === undefined) return undefined;
  const listed = asMapping(branches) === undefined ? branches : findValue(branches, 'include');
  return listed === undefined ? undefined : scalarsOf(listed).map(({ value }) => value);
}

const isProduction = (branch: string): boolean => PRODUCTION.test(branch) || branch.includes('$');
const mayBeProduction = (branch: string): boolean =>
  isProduction(branch) || /^(?:refs\/heads\/)?\*/.test(branch);

function quote(branches: readonly string[]): string {
  const shown = branches.slice(0, 3).map((each) => each.replaceAll(/\s+/g, ' ').slice(0, 40));
  return shown.join(', ') + (branches.length > 3 ? ', …' : '');
}

/** What starts the file, with what the model needs of it. */
export interface Begin extends Start {
  readonly trigger: Trigger;
}

const MEMBER = { actor: 'member', authority: 'full', setting: undefined } as const;

function trigger(
  event: string,
  node: YamlNode,
  start: Omit<Start, 'what'>,
  branches: readonly string[],
): Trigger {
  return {
    event,
    node,
    firedBy: start.actor,
    runs: start.code,
    authority: start.authority,
    activities: undefined,
    filters: branches.length === 0 ? {} : { branches },
  };
}

function begin(event: string, node: YamlNode, start: Start, branches: readonly string[] = []): Begin {
  return { ...start, trigger: trigger(event, node, start, branches) };
}

function readPush(root: MappingNode): Begin[] {
  const entry = findEntry(root, 'trigger');
  if (entry !== undefined && isNone(entry.value)) return [];
  const node = entry?.value ?? root;
  const branches = branchesOf(entry?.value);
  const pushed = { ...MEMBER, code: 'pushed' } as const;
  if (branches === undefined) {
    const main = { ...pushed, what: 'a push to the default branch', production: true };
    return [
      begin('push', node, main),
      begin('push', node, { ...pushed, what: 'a push to any branch', production: false }),
    ];
  }
  const production = branches.filter(mayBeProduction);
  const others = branches.filter((each) => !isProduction(each));
  return [
    ...(production.length === 0
      ? []
      : [
          begin(
            'push',
            node,
            { ...pushed, what: `a push to ${quote(production)}`, production: true },
            production,
          ),
        ]),
    ...(others.length === 0
      ? []
      : [begin('push', node, { ...pushed, what: `a push to ${quote(others)}`, production: false }, others)]),
  ];
}

function memberRequest(node: YamlNode): Begin {
  const request = {
    ...MEMBER,
    what: 'a pull request from a branch of the repository',
    code: 'merge',
  } as const;
  return begin('pull_request', node, { ...request, production: false });
}

/** `pr:` counts for repositories on GitHub and Bitbucket only; in Azure Repos a policy of the branch decides. */
function readPullRequest(root: MappingNode, isOnGithub: boolean): Begin[] {
  const entry = findEntry(root, 'pr');
  if (entry !== undefined && isNone(entry.value)) return [];
  const node = entry?.value ?? root;
  // A file that no push starts is most often started in no other way; that is a guess, and the other way floods.
  const isManual = isNone(findValue(root, 'trigger') ?? root);
  if (entry === undefined && (!isOnGithub || isManual)) return [memberRequest(node)];
  const branches = branchesOf(entry?.value) ?? [];
  const fork = {
    what: 'a pull request from a fork',
    actor: 'contributor-with-approval',
    code: 'merge',
    production: false,
  } as const;
  return [
    begin(
      'pull_request',
      node,
      { ...fork, authority: 'read-only-for-forks', setting: FORK_BUILDS },
      branches,
    ),
    ...(entry === undefined
      ? []
      : [begin('pull_request', node, { ...fork, authority: 'full', setting: FORK_SECRETS }, branches)]),
    memberRequest(node),
  ];
}

function readSchedules(root: MappingNode): Begin[] {
  const schedules = findValue(root, 'schedules');
  const listed = itemsOf(schedules).filter((each) => asMapping(each) !== undefined);
  return listed.slice(0, 50).map((each) => {
    const branches = branchesOf(each) ?? [];
    const production = branches.length === 0 || branches.some(mayBeProduction);
    return begin('schedule', each, {
      what: 'a schedule',
      actor: 'schedule',
      code: 'base',
      authority: 'full',
      production,
      setting: undefined,
    });
  });
}

function readPipelineTriggers(root: MappingNode): Begin[] {
  const listed = itemsOf(findValue(findValue(root, 'resources'), 'pipelines'));
  return listed.slice(0, 50).flatMap((each) => {
    const value = findValue(each, 'trigger');
    if (value === undefined || isNone(value)) return [];
    const name =
      asScalar(findValue(each, 'source'))?.value ?? asScalar(findValue(each, 'pipeline'))?.value ?? '';
    return begin('pipeline', value, {
      what: `the end of the pipeline ${name.replaceAll(/\s+/g, ' ').slice(0, 50)}`,
      actor: 'internal',
      code: 'base',
      authority: 'full',
      production: true,
      setting: undefined,
    });
  });
}

/** Every way to start a file. `isOnGithub`: the repository has files that only GitHub reads. */
export function readStarts(root: MappingNode, isOnGithub: boolean): readonly Begin[] {
  const automatic = [
    ...readPush(root),
    ...readPullRequest(root, isOnGithub),
    ...readSchedules(root),
    ...readPipelineTriggers(root),
  ];
  const manual: Start = {
    ...MEMBER,
    what: 'a person with the right to start it',
    code: 'pushed',
    production: automatic.length === 0,
  };
  return [...automatic, begin('manual', root, manual)];
}

/** What variables say in a run that was started so. */
export function situationOf({ what, actor, code }: Start): Situation {
  if (code === 'merge' || code === 'head') {
    const fork = actor === 'member' ? 'False' : 'True';
    return new Map<string, Known>([
      ['build.reason', { is: 'PullRequest' }],
      ['build.sourcebranch', { startsWith: 'refs/pull/' }],
      ['build.sourcebranchname', { is: 'merge' }],
      ['system.pullrequest.pullrequestid', { isSet: true }],
      ['system.pullrequest.sourcebranch', { isSet: true }],
      ['system.pullrequest.isfork', { is: fork }],
    ]);
  }
  const reasons: Partial<Record<Start['actor'], string>> = {
    schedule: 'Schedule',
    internal: 'ResourceTrigger',
  };
  const manual = what.startsWith('a person') ? 'Manual' : undefined;
  const reason = reasons[actor] ?? manual;
  return new Map<string, Known>([
    ['system.pullrequest.pullrequestid', { is: '' }],
    ['system.pullrequest.isfork', { is: '' }],
    // A push is `IndividualCI` or `BatchedCI`.
    ['build.reason', reason === undefined ? { oneOf: ['IndividualCI', 'BatchedCI'] } : { is: reason }],
  ]);
}

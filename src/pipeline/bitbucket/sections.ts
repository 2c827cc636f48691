import { isProductionBranch } from '../production-refs.ts';
import type { Start } from '../surface.ts';
import { type Member, memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { ScalarNode, YamlNode } from '../yaml/node.ts';

/** One pipeline of the file, and what starts it. */
export interface Section {
  /** `default`, `branches/main`, `custom/release`. */
  readonly selector: string;
  readonly key: ScalarNode;
  /** A list of steps, or an import. */
  readonly value: YamlNode;
  readonly starts: readonly Start[];
  /** A person chooses to run it, and when. */
  readonly isManual: boolean;
}

const SECTIONS_MAX = 500;
const MEMBER = { actor: 'member', code: 'pushed', authority: 'full', setting: undefined } as const;

/** `{main,release/*}` is two patterns; braces do not nest. */
function patternsOf(glob: string): string[] {
  const braces = /^([^{}]*)\{([^{}]*)\}([^{}]*)$/.exec(glob.slice(0, 300));
  if (braces === null) return [glob];
  const [, before = '', middle = '', after = ''] = braces;
  return middle.split(',').map((each) => before + each.trim() + after);
}

function isProductionPattern(glob: string): boolean {
  return patternsOf(glob).some((each) => /^\*+$/.test(each) || isProductionBranch(each));
}

function branchStart(glob: string): Start {
  const what = /^\*+$/.test(glob) ? 'a push to any branch' : `a push to ${glob.slice(0, 40)}`;
  return { ...MEMBER, what, production: isProductionPattern(glob) };
}

/** Branches with a pipeline of their own do not get the default one. */
function defaultStart(branches: ReadonlyMap<string, Member>): Start {
  const isTaken = [...branches.keys()].some(isProductionPattern);
  return { ...MEMBER, what: 'a push to any branch', production: !isTaken };
}

/** Bitbucket merges the target into the source for it; pull requests of forks start nothing here. */
function pullRequestStart(glob: string): Start {
  const what = /^\*+$/.test(glob) ? 'a pull request' : `a pull request from ${glob.slice(0, 40)}`;
  return { ...MEMBER, what, code: 'merge', production: false };
}

const BY_NAME: Readonly<Record<string, (name: string) => Start>> = {
  branches: branchStart,
  bookmarks: branchStart,
  'pull-requests': pullRequestStart,
  tags: () => ({ ...MEMBER, what: 'a push of a tag', production: true }),
  custom: () => ({ ...MEMBER, what: 'a run that somebody starts by hand', production: false }),
};

/** The pipelines of a file by what starts them. */
export function readSections(root: YamlNode): Section[] {
  const sections: Section[] = [];
  const pipelines = membersOf(memberOf(root, 'pipelines'));
  const branches = membersOf(pipelines.get('branches')?.value);
  for (const [kind, { key, value }] of pipelines) {
    const startOf = BY_NAME[kind];
    if (kind === 'default') {
      sections.push({ selector: kind, key, value, starts: [defaultStart(branches)], isManual: false });
    }
    for (const [name, member] of startOf === undefined ? [] : membersOf(value)) {
      const isManual = kind === 'custom';
      const starts = startOf === undefined ? [] : [startOf(name)];
      sections.push({
        selector: `${kind}/${name}`,
        key: member.key,
        value: member.value,
        starts,
        isManual,
      });
    }
  }
  return [...sections, ...sharedSections(root)].slice(0, SECTIONS_MAX);
}

/** What other repositories import; they decide what starts it. */
function sharedSections(root: YamlNode): Section[] {
  const shared = membersOf(memberOf(memberOf(root, 'definitions'), 'pipelines'));
  return [...shared].map(([name, { key, value }]) => ({
    selector: `shared/${name}`,
    key,
    value,
    starts: [],
    isManual: false,
  }));
}

import { itemsOf, scalarsOf } from '../yaml/access.ts';
import { memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { YamlNode } from '../yaml/node.ts';

/** The events of Woodpecker, in the words of its files. */
export const events = [
  'push',
  'pull_request',
  'pull_request_closed',
  'pull_request_metadata',
  'tag',
  'release',
  'deployment',
  'cron',
  'manual',
] as const;
export type Event = (typeof events)[number];

const ENTRIES_MAX = 100;

/** What one entry of `when:` asks for; all that it names must hold. */
export interface Clause {
  readonly events: readonly Event[] | undefined;
  /** Patterns of branches; for a pull request those of its target. */
  readonly branches: readonly string[] | undefined;
  readonly excludedBranches: readonly string[];
  /** `evaluate:`, `path:`, `matrix:` and the like, which are not followed. */
  readonly narrower: boolean;
}

function included(node: YamlNode | undefined): string[] | undefined {
  if (node === undefined) return undefined;
  const list = membersOf(node).size > 0 ? memberOf(node, 'include') : node;
  const words = scalarsOf(list).slice(0, ENTRIES_MAX);
  return words.length === 0 ? undefined : words.map(({ value }) => value);
}

function excluded(node: YamlNode | undefined): string[] {
  return scalarsOf(memberOf(node, 'exclude'))
    .slice(0, ENTRIES_MAX)
    .map(({ value }) => value);
}

function readEvents(node: YamlNode | undefined): Event[] | undefined {
  const words = included(node);
  const without = excluded(node);
  if (words === undefined && without.length === 0) return undefined;
  return events.filter((event) => (words?.includes(event) ?? true) && !without.includes(event));
}

const NARROWER = ['evaluate', 'path', 'matrix', 'instance', 'repo', 'platform', 'cron', 'ref', 'status'];

/** `when:` as a list of clauses of which one must hold; undefined where everything passes. */
export function readClauses(when: YamlNode | undefined): readonly Clause[] | undefined {
  if (when === undefined) return undefined;
  const clauses = itemsOf(when)
    .slice(0, ENTRIES_MAX)
    .filter((item) => membersOf(item).size > 0)
    .map((item): Clause => {
      const branch = memberOf(item, 'branch');
      return {
        events: readEvents(memberOf(item, 'event')),
        branches: included(branch),
        excludedBranches: excluded(branch),
        narrower: NARROWER.some((name) => memberOf(item, name) !== undefined),
      };
    });
  return clauses.length === 0 ? undefined : clauses;
}

/** The clauses under which an event of a kind passes; undefined when it does without any. */
export function clausesFor(
  clauses: readonly Clause[] | undefined,
  event: Event,
): readonly Clause[] | undefined {
  return clauses?.filter((clause) => clause.events === undefined || clause.events.includes(event));
}

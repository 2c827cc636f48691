import type { YamlNode } from './yaml/node.ts';

/** Who can make an event happen; from the most open to the most closed. */
export type Actor =
  /** Any account, without anybody's consent. */
  | 'anyone'
  /** Any account; the first time, somebody of the project has to let it run. */
  | 'contributor-with-approval'
  /** Whoever calls: as open as the caller's own trigger. */
  | 'caller'
  /** Somebody with write access. */
  | 'member'
  | 'schedule'
  /** The platform itself, after something that no outsider controls. */
  | 'internal';

/** Which code the run takes its definition and its default checkout from. */
export type CodeRevision = 'base' | 'head' | 'merge' | 'pushed' | 'caller';

/** What a run started so may do when the pipeline asks for it. */
export type Authority =
  /** Secrets, a token that can write, identity tokens. */
  | 'full'
  /** A token that can only read, and no secrets, when the code comes from a fork. */
  | 'read-only-for-forks'
  | 'caller';

export interface Trigger {
  /** The platform's own word: `pull_request_target`, `merge_request_event`. */
  readonly event: string;
  readonly node: YamlNode;
  readonly firedBy: Actor;
  readonly runs: CodeRevision;
  readonly authority: Authority;
  /** `types:`; undefined when the platform's default holds. */
  readonly activities: readonly string[] | undefined;
  /** Filters as they stand, by their key: `branches`, `paths-ignore`, `tags`. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

const OPENNESS: readonly Actor[] = [
  'internal',
  'schedule',
  'member',
  'caller',
  'contributor-with-approval',
  'anyone',
];

/** The more open of two. */
export function moreOpen(left: Actor, right: Actor): Actor {
  return OPENNESS.indexOf(left) >= OPENNESS.indexOf(right) ? left : right;
}

/** True when somebody outside of the project can cause it. */
export function isOutsider(actor: Actor): boolean {
  return actor === 'anyone' || actor === 'contributor-with-approval';
}

import type { Pin } from './reference.ts';
import type { SourceText, Span } from './source.ts';
import type { Text } from './text.ts';
import type { Actor, Authority, CodeRevision } from './trigger.ts';

/*
 * What a pipeline exposes, in words that fit every platform. A reader of a platform fills it in, because only it knows
 * what its platform pastes, passes on and grants; rules that look at it hold for all platforms at once.
 */

/** A place in any file of the repository. */
export interface Place {
  readonly source: SourceText;
  readonly span: Span;
}

/** Text that somebody else writes. */
export interface ForeignValue {
  /** As the platform names it: `Build.SourceBranchName`, `pipeline.git.branch`. */
  readonly name: string;
  /** For a reader: `the name of the branch`, `the title of the pull request`. */
  readonly what: string;
  /** The most open of those who can give it its value. */
  readonly writtenBy: Actor;
}

/** Foreign text that the platform pastes into a script (or a command, an image, a path) before anything reads it. */
export interface Insertion extends ForeignValue {
  readonly text: Text;
  /** In characters of `text.value`. */
  readonly start: number;
  readonly end: number;
  /** `script` is run as code; `argument` becomes part of something that is not. */
  readonly into: 'script' | 'argument';
  /** From where the value comes to here, when it takes more than one step. */
  readonly hops: readonly (Place & { readonly label: string })[];
}

/** One way in which a job comes to run. */
export interface Start {
  /** In the platform's words: `a pull request from a fork`, `a push to main`. */
  readonly what: string;
  readonly actor: Actor;
  readonly code: CodeRevision;
  /** Set where the definition is the project's own although the code is not. */
  readonly definition?: 'base';
  readonly authority: Authority;
  /** Only for refs that are production's: `main`, a release branch, a tag. */
  readonly production: boolean;
  /** The setting outside of the file that must be on for it; undefined when the file alone decides. */
  readonly setting: string | undefined;
}

export type CredentialKind =
  /** A stored value, by name. */
  | 'secret'
  /** A named set of stored values: variable group, context, library. */
  | 'secret-group'
  /** An account at another system that the platform holds: service connection, credentials id. */
  | 'connection'
  /** An OIDC token that the job can ask for. */
  | 'identity-token'
  /** The platform's own token. */
  | 'platform-token'
  /** The identity that the cluster gives the pod. */
  | 'service-account';

export interface CredentialUse extends Place {
  readonly kind: CredentialKind;
  readonly name: string;
  /** `pipeline` when every job has it whether it needs it or not. */
  readonly scope: 'pipeline' | 'job' | 'step';
  /** What scripts know it by, where that is not its name. */
  readonly variable?: string;
}

export type ImportKind =
  | 'action'
  | 'workflow'
  | 'orb'
  | 'template'
  | 'task'
  | 'library'
  | 'pipe'
  | 'plugin'
  | 'image'
  | 'script'
  | 'tool';

/** Something that others wrote and that becomes part of the run. */
export interface ImportUse extends Place {
  readonly kind: ImportKind;
  /** Without its version: `circleci/node`, `templates@infra`, `docker.io/library/node`. */
  readonly name: string;
  readonly version: string | undefined;
  /** `commit` and `digest` cannot move; `tag` can, unless `immutable` says that the platform forbids it. */
  readonly pin: Pin;
  /** The platform never lets this version change (an exact version of an orb). */
  readonly immutable: boolean;
  /** Who answers for it: the platform itself, the same owner, or somebody else. */
  readonly origin: 'platform' | 'own' | 'third-party';
}

/** What lets a job out of its box. */
export interface PrivilegeUse extends Place {
  readonly kind: 'privileged' | 'docker-socket' | 'host-path' | 'host-network' | 'root' | 'controller';
  readonly what: string;
}

/** Something that outlives the run. */
export interface StoreUse extends Place {
  readonly key: Text | undefined;
  readonly access: 'read' | 'write' | 'both';
  readonly paths: readonly string[];
}

/** What one job exposes. */
export interface JobSurface {
  readonly starts: readonly Start[];
  readonly insertions: readonly Insertion[];
  /** Variables of the shell that hold foreign text: harmless when quoted, code behind `eval`. By name. */
  readonly foreignVariables: ReadonlyMap<string, ForeignValue>;
  readonly credentials: readonly CredentialUse[];
  readonly privileges: readonly PrivilegeUse[];
  readonly caches: readonly StoreUse[];
  readonly artifacts: readonly StoreUse[];
  /** Where the run waits for a person. */
  readonly approvals: readonly Place[];
  /** Where it says that it deploys, and to what. */
  readonly deploysTo: (Place & { readonly environment: string }) | undefined;
  /** Set when the platform leaves its own token in the working copy for whatever runs later. */
  readonly persistedToken: Place | undefined;
}

/** What a whole definition exposes. */
export interface PipelineSurface {
  readonly imports: readonly ImportUse[];
  /** False when something that it is made of lies elsewhere. */
  readonly complete: boolean;
}

export const emptyJobSurface: JobSurface = {
  starts: [],
  insertions: [],
  foreignVariables: new Map(),
  credentials: [],
  privileges: [],
  caches: [],
  artifacts: [],
  approvals: [],
  deploysTo: undefined,
  persistedToken: undefined,
};

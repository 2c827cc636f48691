import type { Severity } from '#findings/severity.ts';
import type { PlatformSettings } from '#pipeline/platform-settings.ts';

/** Where the definitions of a repository are read from. */
export type RepositoryPlace =
  /** A folder with its files. */
  | { readonly kind: 'work-tree'; readonly folder: string }
  /** A git directory; the definitions are those of its HEAD. */
  | { readonly kind: 'git'; readonly gitFolder: string }
  | { readonly kind: 'missing'; readonly reason: string };

export interface RepositoryEntry {
  /** Unique in the scan, with `/` between its parts; also the name of its report. */
  readonly name: string;
  /** `owner/name` in lower case as others refer to it; undefined when nothing tells. */
  readonly address: string | undefined;
  readonly place: RepositoryPlace;
  /** What the platform said of it, where it was asked. */
  readonly settings?: PlatformSettings;
}

/** A use of another repository's action, workflow or template. */
export interface OutgoingCall {
  /** `owner/name` in lower case. */
  readonly to: string;
  /** Inside of that repository. */
  readonly path: string;
  /** The file that calls. */
  readonly file: string;
  /** True when whoever owns the other repository can change what runs without a change here. */
  readonly floating: boolean;
  /** True when an outsider can start the pipeline that calls. */
  readonly open: boolean;
}

/** Something that has a name outside of the repository: two repositories that name it share it. */
export interface SharedUse {
  readonly name: string;
  readonly file: string;
  /** A finding shows how an attacker gets to it from here. */
  readonly exposed: boolean;
  /** Used in a job with an environment. */
  readonly production: boolean;
}

/** What leads out of a repository, or into it. */
export interface RepositoryLinks {
  readonly calls: readonly OutgoingCall[];
  readonly secrets: readonly SharedUse[];
  readonly pushes: readonly SharedUse[];
  readonly pulls: readonly SharedUse[];
  readonly runners: readonly SharedUse[];
}

export const noLinks: RepositoryLinks = { calls: [], secrets: [], pushes: [], pulls: [], runners: [] };

/** One finding, as far as a summary shows it; the report of its repository has the rest. */
export interface FindingLine {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly line: number;
}

/** What one repository came to: one line of the state, so its size is bounded. */
export interface OrganisationRecord {
  readonly name: string;
  readonly address: string | undefined;
  /** `failed` when nothing, or not everything, could be looked at. */
  readonly outcome: 'scanned' | 'empty' | 'failed';
  /** Why it failed, or what was left out. */
  readonly reasons: readonly string[];
  /** The commit that was read, for git directories. */
  readonly revision: string | undefined;
  /** Hash of everything that its findings follow from. */
  readonly key: string;
  /** The same of the repositories that it calls and that call it; empty when there are none. */
  readonly crossKey: string;
  readonly files: number;
  /** Findings that stand, by severity. */
  readonly bySeverity: Readonly<Partial<Record<Severity, number>>>;
  readonly byRule: Readonly<Record<string, number>>;
  readonly byOwner: Readonly<Record<string, number>>;
  readonly suppressed: number;
  /** Findings of high severity that show a whole way of an attack. */
  readonly attacks: number;
  /** The worst ones. */
  readonly worst: readonly FindingLine[];
  readonly links: RepositoryLinks;
}

/** The record of a repository that could not be looked at. */
export function failedRecord({ name, address }: RepositoryEntry, reason: string): OrganisationRecord {
  return {
    name,
    address,
    outcome: 'failed',
    reasons: [reason],
    revision: undefined,
    key: '',
    crossKey: '',
    files: 0,
    bySeverity: {},
    byRule: {},
    byOwner: {},
    suppressed: 0,
    attacks: 0,
    worst: [],
    links: noLinks,
  };
}

export function failedPlace(reason: string): RepositoryPlace {
  return { kind: 'missing', reason };
}

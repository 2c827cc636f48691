import type { ImportKind } from '#pipeline/surface.ts';
import type { Pin } from '#pipeline/reference.ts';

/** Something that is known against it. */
export interface Fact {
  readonly kind: 'compromised' | 'impostor' | 'typosquat' | 'vulnerable' | 'archived';
  /** For a reader: `GHSA-…: what`. */
  readonly what: string;
  /** `osv`, `mirror`, or the rule that says it. */
  readonly by: string;
}

/** The uses that a fact is about. */
export interface Mark extends Fact {
  /** `file:line`, at most a few. */
  readonly places: readonly string[];
  readonly uses: number;
}

/** One version in which a third party is used. */
export interface PartyVersion {
  readonly version: string | undefined;
  readonly pin: Pin;
  readonly immutable: boolean;
  readonly uses: number;
}

/** What the jobs that run it hold together. */
export interface Authority {
  /** Names of secrets and connections; roles, too. */
  readonly credentials: readonly string[];
  /** Scopes that the platform’s own token can write; `*` for all. */
  readonly writes: readonly string[];
  readonly identityToken: boolean;
  readonly ownMachine: boolean;
  /** Outsiders start one of the jobs, and it has what the project gave it. */
  readonly openToOutsiders: boolean;
}

/** Somebody else’s work in the pipelines, all uses together. */
export interface Party {
  readonly kind: ImportKind;
  readonly name: string;
  readonly owner: string;
  readonly origin: 'platform' | 'own' | 'third-party';
  readonly versions: readonly PartyVersion[];
  readonly uses: number;
  /** `file:line`, at most a few. */
  readonly places: readonly string[];
  readonly authority: Authority;
  readonly marks: readonly Mark[];
  /** Whether its commits are reachable in its own repository. */
  readonly impostor: 'no' | 'yes' | 'unknown offline' | 'not pinned to a commit';
  /** From 0; what is known against it, then how freely it moves, times what it holds. */
  readonly risk: number;
}

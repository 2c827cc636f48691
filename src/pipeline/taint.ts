import type { SourceText, Span } from './source.ts';
import type { Actor, Authority } from './trigger.ts';

/** One station on the way of data or of trust, in the words of a reader. */
export interface Hop {
  readonly label: string;
  readonly source: SourceText;
  readonly span: Span;
}

/** Something that an attacker wrote, and the way it took to an expression. */
export interface Taint {
  /** `github.event.issue.title`, or the words for it. */
  readonly origin: string;
  readonly shape: 'text' | 'ref' | 'path' | 'email' | 'label';
  /** Events of this pipeline, or of those that call it, under which it has a value. */
  readonly events: readonly string[];
  /** The most open of those who can give it its value. */
  readonly writtenBy: Actor;
  /** The most that a run with that value may do. */
  readonly authority: Authority;
  /** From the origin to the expression; empty when the expression names the origin itself. */
  readonly hops: readonly Hop[];
  /** Whether it can come with line breaks, with which it is more than the value of one name. */
  readonly lines: boolean;
  /** `possible` where a step was guessed from the text of a script. */
  readonly certainty: 'certain' | 'likely' | 'possible';
}

import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { RepositoryScan } from './scan-repository.ts';

/** One repository that was read and judged; its files are named behind `prefix` when there are several. */
export interface ViewedRepository {
  /** Empty, or ends with `/`. */
  readonly prefix: string;
  /** Absolute. */
  readonly root: string;
  readonly scan: RepositoryScan;
}

export interface ViewInput {
  readonly repositories: readonly ViewedRepository[];
  /** By the platforms' rules of this moment (ms since the epoch). */
  readonly asOfMs: number;
  /**
   * What `--with` gave, by name: files and folders that a view asked for in its `inputs`, as absolute paths; an address
   * for those of its `addresses`.
   */
  readonly inputs: Readonly<Record<string, string>>;
}

/** The way to a server that somebody named with `--with`. */
export interface Network {
  readonly fetch: BoundedFetch;
  readonly clock: Clock;
  /** Waits so many milliseconds. */
  sleep(durationMs: number): Promise<void>;
}

/** What a reader gets to see, whatever it is drawn with. Words between backticks are names or code. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  /** Exactly as it stands, to be copied: a patch, a policy. */
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

/**
 * A way to look at all pipelines at once. A rule says what is wrong at a place; a view says what there is: who reaches
 * what, which tests run, what comes from third parties. One folder, `views/<id>/view.ts`.
 */
export interface View<Result = unknown, Answer = unknown> {
  readonly id: string;
  /** In lower case, for the list of views: `which credentials meet which triggers`. */
  readonly summary: string;
  /** Paragraphs of its page. */
  readonly description: string;
  /** Files and folders that it can use, with what they are. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Inputs that may be an address in place of a file, with the one that `NAME=api` stands for. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** What it asks of an address before it is built; a server that does not answer is part of the answer. */
  ask?(input: ViewInput, network: Network): Promise<Answer>;
  /** What `--format json` writes; plain data. `answer` is there when an address was given. */
  build(input: ViewInput, answer?: Answer): Result;
  describe(result: Result): readonly Block[];
  /** What `--write` may put into files: relative path in a repository to text. */
  patches?(result: Result): readonly { readonly file: string; readonly text: string }[];
}

/** Ties both halves of a view together, then forgets what passes between them. */
export function defineView<Result, Answer = never>(view: View<Result, Answer>): View {
  // The registry hands `build` only what `ask`, and `describe` only what `build` of the same view returned.
  return view;
}

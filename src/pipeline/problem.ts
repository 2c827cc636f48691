import type { Span } from './source.ts';

/** What kept a file, or a part of it, from being read. Never thrown: a scan says so and goes on. */
export interface Problem {
  readonly kind:
    | 'unreadable'
    | 'too-large'
    | 'syntax'
    | 'too-many-nodes'
    | 'alias-unknown'
    | 'alias-cycle'
    | 'alias-expansion'
    | 'duplicate-key'
    | 'unexpected-shape'
    | 'expression-syntax';
  readonly message: string;
  readonly span: Span;
  /** True when the rest of the file was read in spite of it. */
  readonly partial: boolean;
}

import type { ImageUse, Job, Pipeline, Variable } from '../model.ts';
import type { Pin } from '../reference.ts';
import type { SourceText, Span } from '../source.ts';
import type { Text } from '../text.ts';
import type { ExpressionNode } from '../expression.ts';
import type { ScalarNode } from '../yaml/node.ts';

/** A place in any of the files of a configuration. */
export interface Placed {
  readonly source: SourceText;
  readonly span: Span;
}

export interface Include extends Placed {
  readonly kind: 'local' | 'project' | 'remote' | 'template' | 'component';
  /** The path, address or project, as written. */
  readonly text: Text;
  /** Files of a project. */
  readonly files: readonly string[];
  readonly ref: Text | undefined;
  readonly integrity: string | undefined;
  readonly pin: Pin;
  readonly conditional: boolean;
}

/** One entry of `rules:`; all that it names must hold. */
export interface RuleClause {
  readonly if: ExpressionNode | undefined;
  /** True when there is an `if` that could not be read, `changes` or `exists`. */
  readonly uncertain: boolean;
  readonly when: string;
}

/** When a job runs; `legacy` is `only` and `except`. */
export type Rules =
  | { readonly kind: 'rules'; readonly clauses: readonly RuleClause[] }
  | { readonly kind: 'legacy'; readonly only: readonly string[]; readonly except: readonly string[] }
  | { readonly kind: 'none' };

export interface IdentityToken extends Placed {
  readonly name: string;
  readonly audiences: readonly Text[];
}

export interface CacheUse extends Placed {
  readonly key: Text | undefined;
  /** `cache:key:files`. */
  readonly keyFiles: readonly string[];
  readonly policy: string;
  /** `cache:unprotect: true`: one cache for protected and other branches. */
  readonly unprotected: Placed | undefined;
}

export interface Report {
  readonly kind: string;
  readonly paths: readonly string[];
  readonly place: Placed;
}

export interface GitlabJob extends Job {
  readonly pipeline: GitlabPipeline;
  /** Begins with a dot: only there to be extended. */
  readonly hidden: boolean;
  /** Written in this file; a job of an included file has its own. */
  readonly place: Placed;
  readonly stage: string;
  readonly rules: Rules;
  readonly when: string | undefined;
  /** Where a failure is allowed without a condition. */
  readonly allowFailure: Placed | undefined;
  readonly dependencies: readonly ScalarNode[] | undefined;
  readonly identityTokens: readonly IdentityToken[];
  readonly secrets: readonly Variable[];
  readonly caches: readonly CacheUse[];
  readonly reports: readonly Report[];
  readonly environmentAction: string | undefined;
  /** Those that the job names, before those of `default:`. */
  readonly images: readonly ImageUse[];
}

export interface GitlabPipeline extends Pipeline {
  readonly platform: 'gitlab';
  readonly jobs: readonly GitlabJob[];
  readonly includes: readonly Include[];
  readonly rules: Rules;
  /** Parents that are in none of the files at hand. */
  readonly unresolved: readonly string[];
}

export function isGitlabPipeline(pipeline: Pipeline): pipeline is GitlabPipeline {
  return pipeline.platform === 'gitlab';
}

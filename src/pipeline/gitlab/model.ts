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
  readonly place?: Placed;
  /** It also asks which files were changed, or are there. */
  readonly asksForFiles?: 'changes' | 'exists' | undefined;
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

/** A word, and where it is written. */
export interface Word extends Placed {
  readonly value: string;
}

/** `secrets:`, brought from a vault; `span` is its name. */
export interface SecretUse extends Variable, Placed {
  /** `file: false` puts the value itself into the environment. */
  readonly file: Word | undefined;
}

/** A pipeline that a job starts: one of another project, or a child of this one. */
export interface TriggerUse extends Placed {
  readonly project: Text | undefined;
  readonly branch: Text | undefined;
  readonly includes: readonly Include[];
  /** Files that an earlier job made, taken as configuration. */
  readonly generated: readonly { readonly path: Text; readonly job: string | undefined }[];
  /** `forward: { pipeline_variables: true }`: whatever the run was started with goes along. */
  readonly forwardsPipelineVariables: Placed | undefined;
}

/** One entry of `needs:`. */
export interface Need extends Placed {
  readonly job: string;
  /** Set when the job is in another project. */
  readonly project: Text | undefined;
  readonly ref: Text | undefined;
  /** Set for artifacts of another pipeline of this project. */
  readonly pipeline: Text | undefined;
  readonly optional: boolean;
  readonly artifacts: boolean;
}

/** What a job keeps for others. */
export interface ArtifactUse {
  readonly paths: readonly Text[];
  readonly excludes: readonly string[];
  readonly untracked: boolean;
  /** `access:`, or what `public:` stands for: `all`, `developer`, `maintainer`, `none`. */
  readonly access: string;
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
  /** What `allow_failure:` of the job says; undefined when it is not there, or has exit codes. */
  readonly failureAllowed: boolean | undefined;
  readonly dependencies: readonly ScalarNode[] | undefined;
  readonly identityTokens: readonly IdentityToken[];
  readonly secrets: readonly SecretUse[];
  readonly caches: readonly CacheUse[];
  readonly reports: readonly Report[];
  readonly environmentAction: string | undefined;
  /** Those that the job names, before those of `default:`. */
  readonly images: readonly ImageUse[];
  readonly trigger: TriggerUse | undefined;
  readonly needed: readonly Need[];
  readonly artifacts: ArtifactUse | undefined;
  /** What `extends:` of the job itself names. */
  readonly extended: readonly Word[];
  readonly stageWord: Word | undefined;
  readonly resourceGroup: Text | undefined;
  readonly interruptible: Word | undefined;
  /** `deployment_tier:`, where it is written. */
  readonly deploymentTier: string | undefined;
}

export interface GitlabPipeline extends Pipeline {
  readonly platform: 'gitlab';
  readonly jobs: readonly GitlabJob[];
  readonly includes: readonly Include[];
  readonly rules: Rules;
  /** Parents that are in none of the files at hand. */
  readonly unresolved: readonly string[];
  /** Nothing of it lies in another project, or in a file that was not found. */
  readonly complete: boolean;
  /** Undefined when the stages are GitLab's own. */
  readonly stages: readonly string[] | undefined;
  /** Only `spec:`, which stands in a document in front of what it is about. */
  readonly isHeader: boolean;
}

export function isGitlabPipeline(pipeline: Pipeline): pipeline is GitlabPipeline {
  return pipeline.platform === 'gitlab';
}

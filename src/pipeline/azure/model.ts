import type { Job, Pipeline, Runner, Step } from '../model.ts';
import type { JobSurface, PipelineSurface, Start } from '../surface.ts';
import type { Text } from '../text.ts';
import type { ScalarNode, YamlNode } from '../yaml/node.ts';

/** A name with what is handed over for it: a variable, a parameter, an input of a task. */
export interface Passed {
  readonly name: string;
  readonly key: ScalarNode;
  readonly value: Text | undefined;
  readonly node: YamlNode;
}

/** Conditions under which a part of a file is there: `${{ if … }}` around it, `condition:` of it. */
export type Conditions = readonly Text[];

/** `variables:` of one level. */
export interface Variables {
  readonly values: readonly Passed[];
  readonly groups: readonly { readonly text: Text; readonly conditions: Conditions }[];
}

/** `template:` somewhere in a file. */
export interface TemplateCall {
  readonly text: Text;
  /** Behind `@`; undefined for the same repository. */
  readonly alias: string | undefined;
  /** From the root of its repository; undefined when it is computed or lies in another one. */
  readonly file: string | undefined;
  readonly passed: readonly Passed[];
  readonly conditions: Conditions;
  /** The job that the steps of the template become part of. */
  readonly job: AzureJob | undefined;
  readonly kind: 'extends' | 'stages' | 'jobs' | 'steps' | 'variables';
  /** Of the place where the template is used; undefined when the template brings its own. */
  readonly runner: Runner | undefined;
  readonly variables: readonly Variables[];
  /** The stage that the jobs of the template become part of. */
  readonly stage: Stage | undefined;
}

export interface Stage {
  readonly name: string;
  readonly key: ScalarNode | undefined;
  readonly conditions: Conditions;
  /** Undefined: the one before it. */
  readonly dependsOn: readonly string[] | undefined;
  readonly hasCondition: boolean;
}

export interface TaskUse {
  readonly name: string;
  readonly version: string | undefined;
  readonly inputs: readonly Passed[];
}

export interface AzureStep extends Step {
  readonly job: AzureJob;
  /** `script`, `bash`, `task`, `checkout`, …: the key that says what the step is. */
  readonly word: ScalarNode;
  readonly conditions: Conditions;
  readonly task: TaskUse | undefined;
}

export interface AzureJob extends Job {
  readonly pipeline: AzurePipeline;
  readonly steps: readonly AzureStep[];
  readonly stage: Stage | undefined;
  readonly isDeployment: boolean;
  readonly conditions: Conditions;
  readonly hasCondition: boolean;
  /** From the outermost to the job's own. */
  readonly variables: readonly Variables[];
  /** A job of a template runs where its caller says, when it does not say so itself. */
  runner: Runner | undefined;
  readonly containerNode: YamlNode | undefined;
  /** Replaced once the templates of the repository are known. */
  surface: JobSurface;
}

/** `resources.repositories`. */
export interface RepositoryResource {
  readonly alias: string;
  readonly node: YamlNode;
  readonly type: string;
  readonly name: Text | undefined;
  readonly ref: Text | undefined;
}

export interface PipelineResource {
  readonly alias: string;
  readonly node: YamlNode;
  readonly source: string;
  /** Undefined without a trigger; empty when every branch triggers. */
  readonly triggerBranches: readonly string[] | undefined;
  readonly branch: string | undefined;
}

export interface AzurePipeline extends Pipeline {
  readonly platform: 'azure';
  readonly jobs: readonly AzureJob[];
  readonly calls: readonly TemplateCall[];
  readonly variables: Variables;
  readonly repositories: readonly RepositoryResource[];
  readonly pipelines: readonly PipelineResource[];
  /** Ways to start this file; of a template none. */
  readonly starts: readonly Start[];
  /** As it is once the templates of the repository are known. */
  surface: PipelineSurface;
}

export function isAzurePipeline(pipeline: Pipeline): pipeline is AzurePipeline {
  return pipeline.platform === 'azure';
}

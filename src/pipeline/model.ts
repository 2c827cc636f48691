import type { ActionReference, ImageReference } from './reference.ts';
import type { Problem } from './problem.ts';
import type { SourceText } from './source.ts';
import type { JobSurface, PipelineSurface } from './surface.ts';
import type { Expression, Text } from './text.ts';
import type { Trigger } from './trigger.ts';
import type { ContentNode, MappingNode, ScalarNode, YamlNode } from './yaml/node.ts';

export type Platform =
  | 'github'
  | 'gitlab'
  | 'azure'
  | 'circleci'
  | 'jenkins'
  | 'bitbucket'
  | 'tekton'
  | 'argo'
  | 'woodpecker';

/** A name and its value, in the order of the file. */
export interface Variable {
  readonly name: string;
  readonly key: ScalarNode;
  /** Undefined when the value is no scalar. */
  readonly value: Text | undefined;
  readonly node: YamlNode;
}

export type Access = 'none' | 'read' | 'write';

/** What the pipeline asks for, as written: a shorthand for all scopes, or scope by scope. */
export interface Permissions {
  readonly node: YamlNode;
  /** `read-all`, `write-all`, or `none` for `{}`. */
  readonly all: Access | undefined;
  readonly scopes: readonly { readonly name: string; readonly access: Access; readonly node: YamlNode }[];
}

export interface InputDefinition {
  readonly name: string;
  readonly node: YamlNode;
  /** Anything but free text cannot carry code. */
  readonly type: 'string' | 'boolean' | 'number' | 'choice' | 'environment';
  readonly required: boolean;
  readonly default: Text | undefined;
  /** Who gives the value: the calling pipeline, or the person who starts the run. */
  readonly givenBy: 'caller' | 'member';
}

/** A condition; absent stands for the platform's default (all before succeeded). */
export interface Guard {
  readonly text: Text;
  /** The whole condition as one expression; undefined when it is not one, and then it is always true. */
  readonly expression: Expression | undefined;
  /** The platform takes text around an expression as text, and text as true. */
  readonly alwaysTrue: boolean;
}

export interface Runner {
  readonly node: YamlNode;
  readonly labels: readonly Text[];
  /** Runner group or pool. */
  readonly group: Text | undefined;
  /** `unknown` when the label is computed or a name of the organisation's own. */
  readonly hosting: 'hosted' | 'self-hosted' | 'unknown';
}

export interface ImageUse {
  readonly node: YamlNode;
  readonly text: Text;
  readonly reference: ImageReference | undefined;
  readonly credentials: readonly Variable[];
}

export interface EnvironmentUse {
  readonly node: YamlNode;
  readonly name: Text;
}

/** A call of another pipeline: reusable workflow, include, template, orb job. */
export interface Call {
  readonly text: Text;
  readonly reference: ActionReference;
  readonly inputs: readonly Variable[];
  readonly secrets: readonly Variable[];
  /** Set when all secrets of the caller go along. */
  readonly inheritsSecrets: YamlNode | undefined;
}

export interface Script {
  readonly kind: 'script';
  readonly text: Text;
  readonly shell: Text | undefined;
  readonly workingDirectory: Text | undefined;
}

export interface ActionUse {
  readonly kind: 'action';
  readonly text: Text;
  readonly key: ScalarNode;
  readonly reference: ActionReference;
  readonly inputs: readonly Variable[];
  readonly inputsNode: YamlNode | undefined;
}

/** A step that does neither (a wait, a block of parallel steps). */
export interface OtherWork {
  readonly kind: 'other';
}

export interface Step {
  readonly job: Job;
  /** From 0, in the job. */
  readonly index: number;
  readonly node: MappingNode;
  readonly id: string | undefined;
  readonly name: Text | undefined;
  readonly guard: Guard | undefined;
  readonly env: readonly Variable[];
  readonly work: Script | ActionUse | OtherWork;
}

export interface Job {
  readonly pipeline: Pipeline;
  readonly id: string;
  readonly key: ScalarNode;
  readonly node: MappingNode;
  readonly name: Text | undefined;
  readonly needs: readonly ScalarNode[];
  readonly guard: Guard | undefined;
  readonly runner: Runner | undefined;
  readonly environment: EnvironmentUse | undefined;
  readonly permissions: Permissions | undefined;
  readonly env: readonly Variable[];
  readonly container: ImageUse | undefined;
  readonly services: readonly ImageUse[];
  /** Values of the matrix, whatever their depth. */
  readonly matrix: readonly Variable[];
  readonly outputs: readonly Variable[];
  readonly steps: readonly Step[];
  readonly call: Call | undefined;
  /** Undefined for platforms whose rules look at the definition itself. */
  readonly surface?: JobSurface;
}

/** One definition: a workflow, a composite action, an included file. */
export interface Pipeline {
  readonly platform: Platform;
  readonly kind: 'workflow' | 'action' | 'template';
  /** Relative to the root of its repository, with `/`. */
  readonly file: string;
  readonly source: SourceText;
  readonly node: MappingNode;
  readonly name: Text | undefined;
  readonly triggers: readonly Trigger[];
  readonly inputs: readonly InputDefinition[];
  readonly outputs: readonly Variable[];
  readonly permissions: Permissions | undefined;
  readonly env: readonly Variable[];
  readonly jobs: readonly Job[];
  /** How an action runs: `composite`, `node24`, `docker`. */
  readonly runtime: Text | undefined;
  /** Where a person is told that the definition is not what the platform expects. */
  readonly problems: readonly Problem[];
  readonly surface?: PipelineSurface;
}

/** A file that configures something around the pipelines: dependency updates, an agent of GitLab in a cluster. */
export interface Configuration {
  readonly platform: Platform;
  readonly kind: 'dependency-updates' | 'cluster-agent';
  readonly file: string;
  readonly source: SourceText;
  readonly node: ContentNode;
  readonly problems: readonly Problem[];
}

/** What a file was read as. */
export type Definition =
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
  | { readonly kind: 'configuration'; readonly configuration: Configuration };

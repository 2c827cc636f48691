import type { Job, Pipeline } from '../model.ts';
import type { Place } from '../surface.ts';
import type { Text } from '../text.ts';

/** A credential that Groovy writes into a command before the shell sees it. */
export interface CredentialInsertion {
  readonly text: Text;
  /** In characters of `text.value`. */
  readonly start: number;
  readonly end: number;
  readonly variable: string;
  /** The id under which Jenkins keeps it. */
  readonly credential: string;
}

/** A stage, a node without stages, or a function that nothing in the file calls. */
export interface JenkinsJob extends Job {
  readonly pipeline: JenkinsPipeline;
  readonly credentialInsertions: readonly CredentialInsertion[];
  /** Approvals that do not say who may give them. */
  readonly openApprovals: readonly Place[];
  /** Code that the controller reads as Groovy: `load`, `evaluate`. */
  readonly loadedCode: readonly (Place & { readonly what: string })[];
}

export interface JenkinsPipeline extends Pipeline {
  readonly platform: 'jenkins';
  readonly jobs: readonly JenkinsJob[];
}

export function isJenkinsPipeline(pipeline: Pipeline): pipeline is JenkinsPipeline {
  return pipeline.platform === 'jenkins';
}

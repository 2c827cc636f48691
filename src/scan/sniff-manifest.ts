import { closeSync, openSync, readSync } from 'node:fs';
import { isTemplate, sniffTrust } from './trust/trust-files.ts';

/** What a document says of itself stands at its beginning; licences and comments may come before. */
const BYTES_MAX = 8192;
const NAME = /\.ya?ml$/;
const GROUPS = ['tekton.dev/', 'argoproj.io/'];
const VERSION = /^apiVersion:[ \t]{0,9}["']?(tekton\.dev|triggers\.tekton\.dev|argoproj\.io)\//m;
/** Argo CD and Rollouts share the group of Argo Workflows. */
const ARGO_KIND =
  /^kind:[ \t]{0,9}["']?(?:Workflow|WorkflowTemplate|ClusterWorkflowTemplate|CronWorkflow|WorkflowEventBinding|Sensor|EventSource)["']?[ \t]{0,80}(?:#.{0,300})?\r?$/m;
/** Templates of Helm and Jinja are no YAML before they are rendered. */
const TEMPLATE =
  /\{\{-|-\}\}|\{\{\s{0,9}(?:\.(?!Input\b)\w|\$|if |else|end|range |include |template |with |define |toYaml )/;

const COMMENT = /^[ \t]{0,200}#.*$/gm;

/** True when a text is the beginning of a manifest of Tekton or Argo Workflows. */
export function isPipelineManifest(beginning: string): boolean {
  const group = VERSION.exec(beginning)?.[1];
  if (group === undefined || TEMPLATE.test(beginning.replaceAll(COMMENT, ''))) return false;
  return group !== 'argoproj.io' || ARGO_KIND.test(beginning);
}

/** Reads the beginning of a file whose name says nothing; false when it cannot be read. */
export function sniffManifest(absolute: string): boolean {
  if (!NAME.test(absolute)) return false;
  let file: number | undefined;
  try {
    file = openSync(absolute, 'r');
    const buffer = Buffer.allocUnsafe(BYTES_MAX);
    const beginning = buffer.subarray(0, readSync(file, buffer, 0, BYTES_MAX, 0));
    // A template of CloudFormation, of which those with a role for pipelines are read.
    if (isTemplate(beginning)) return sniffTrust(absolute);
    // Most files are none, and that is told without making text of them.
    return GROUPS.some((group) => beginning.includes(group)) && isPipelineManifest(beginning.toString());
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

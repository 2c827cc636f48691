import { findTrailingComment } from '#pipeline/github/action-version.ts';
import type { Pipeline } from '#pipeline/model.ts';
import type { ActionReference } from '#pipeline/reference.ts';
import type { SourceText } from '#pipeline/source.ts';
import type { Text } from '#pipeline/text.ts';

/** A use of an action by its commit, and what the comment behind it says. */
export interface PinnedUse {
  readonly text: Text;
  readonly source: SourceText;
  readonly repository: string;
  readonly commit: string;
  readonly comment: string | undefined;
  /** The version as written, with what stands in front of it: `v4.1.2`, `codeql/v2.0`. */
  readonly version: string | undefined;
}

/** `v4.1.2`, `ratchet:actions/checkout@v4`, `tag=v3`, `setup-node/v1.2.0`. */
const LABEL =
  /^(?:(?:ratchet:\S+?@)|(?:(?:tag|pin|pinned|version)\s*[=@:]\s*))?((?:[a-z][\w-]*[/@-])?v?\d+(?:\.\d+)*(?:[-+][\w.]+)?)(?=$|[\s,;)])/i;

function toPinnedUse(text: Text, reference: ActionReference, source: SourceText): PinnedUse[] {
  const { pin, ref, repository } = reference;
  if (pin !== 'commit' || ref === undefined) return [];
  const comment = findTrailingComment(source, text.node.end)?.text.slice(0, 200);
  return [{ text, source, repository, commit: ref, comment, version: LABEL.exec(comment ?? '')?.[1] }];
}

export function pinnedUsesOf(pipeline: Pipeline): PinnedUse[] {
  const { source } = pipeline;
  return pipeline.jobs.flatMap((job) => [
    ...(job.call === undefined ? [] : toPinnedUse(job.call.text, job.call.reference, source)),
    ...job.steps.flatMap(({ work }) =>
      work.kind === 'action' ? toPinnedUse(work.text, work.reference, source) : [],
    ),
  ]);
}

interface Label {
  readonly prefix: string;
  readonly numbers: string;
}

function splitLabel(version: string): Label {
  const at = version.search(/v?\d+(?:\.\d+)*(?:[-+][\w.]+)?$/i);
  return { prefix: version.slice(0, at).toLowerCase(), numbers: version.slice(at).replace(/^v/i, '') };
}

/** `v4` and `v4.1.2` can be the same commit, and so can tags of two series; `v4.1.1` and `v4.1.2` are not. */
export function contradict(left: string, right: string): boolean {
  const [one, other] = [splitLabel(left), splitLabel(right)];
  if (one.prefix !== other.prefix || one.numbers === other.numbers) return false;
  const isStart = (short: string, long: string) => long.startsWith(`${short}.`);
  return !isStart(one.numbers, other.numbers) && !isStart(other.numbers, one.numbers);
}

/** Three numbers name one release; fewer are a tag that moves along. */
export function isFullVersion(version: string): boolean {
  return /\d+\.\d+\.\d+/.test(version);
}

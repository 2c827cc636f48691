import type { Job, Pipeline } from '../model.ts';
import type { Span } from '../source.ts';

/** Actions that hand something to the public, by their own description. */
const PUBLISHERS = new Set([
  'pypa/gh-action-pypi-publish',
  'js-devtools/npm-publish',
  'rubygems/release-gem',
  'softprops/action-gh-release',
  'ncipollo/release-action',
  'goreleaser/goreleaser-action',
  'actions/attest-build-provenance',
  'changesets/action',
  'cycjimmy/semantic-release-action',
  'actions/create-release',
  'actions/upload-release-asset',
  'svenstaro/upload-release-action',
  'marvinpinto/action-automatic-releases',
  'ad-m/github-push-action',
  'actions/deploy-pages',
]);
const COMMANDS =
  /\b(?:npm|pnpm|yarn(?:\s+npm)?|bun|lerna|cargo|poetry|uv|pdm|flit|hatch|deno|jsr)\s+publish\b|\btwine\s+upload\b|\bgem\s+push\b|\bgh\s+release\s+(?:create|upload)\b|\bdocker\s+push\b|\bgoreleaser\s+release\b|\bdotnet\s+nuget\s+push\b|\bmvn\b.*\bdeploy\b|\bsemantic-release\b/;

/** Patterns look ahead in a line; this bounds how far they can. */
const SCRIPT_CHARS_MAX = 20_000;

export interface Publication {
  readonly span: Span;
  readonly what: string;
}

/** The first thing in a job that others will install or run. */
export function findPublication(job: Job): Publication | undefined {
  for (const { work } of job.steps) {
    if (work.kind === 'action') {
      if (PUBLISHERS.has(work.reference.repository))
        return { span: work.text.node, what: work.reference.repository };
      const push = work.inputs.find(({ name }) => name === 'push')?.value?.value;
      if (
        work.reference.repository === 'docker/build-push-action' &&
        push !== undefined &&
        push !== 'false'
      ) {
        return { span: work.text.node, what: 'pushes an image' };
      }
    }
    if (work.kind !== 'script') continue;
    const match = COMMANDS.exec(work.text.value.slice(0, SCRIPT_CHARS_MAX));
    if (match !== null) {
      return { span: work.text.span(match.index, match.index + match[0].length), what: match[0] };
    }
  }
  return undefined;
}

/** A trigger that means a release: published, or a tag pushed. */
export function findReleaseTrigger(pipeline: Pipeline): Publication | undefined {
  for (const { event, filters, node } of pipeline.triggers) {
    if (event === 'release') return { span: node, what: 'runs for releases' };
    const tags = filters['tags'];
    const releaseBranch = filters['branches']?.some((branch) => /^releases?\b/.test(branch)) === true;
    if (event === 'push' && (tags !== undefined || releaseBranch))
      return { span: node, what: 'runs for release tags' };
  }
  return undefined;
}

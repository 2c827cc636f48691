import type { Pipeline, Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { Rule } from '../../rule.ts';

const SIGNERS = new Set([
  'actions/attest',
  'actions/attest-build-provenance',
  'sigstore/gh-action-sigstore-python',
  'slsa-framework/slsa-github-generator',
]);
const SIGNS = /\b(?:cosign\s+(?:sign|attest)|notation\s+sign|docker\s+trust\s+sign|gh\s+attestation)\b/;
const PUSHES = /(?:^|[;&|(])\s*(?:sudo\s+)?(?:docker|podman|buildah)\s+(?:image\s+|manifest\s+)?push\s/m;

/** Anywhere in the file: images are often signed in a job of their own. */
function signs(pipeline: Pipeline): boolean {
  return pipeline.jobs.some(
    ({ call, steps }) =>
      (call !== undefined &&
        (SIGNERS.has(call.reference.repository) || /attest|sign|slsa/i.test(call.text.value))) ||
      steps.some(({ work }) => {
        if (work.kind === 'action') return SIGNERS.has(work.reference.repository);
        return work.kind === 'script' && SIGNS.test(work.text.value);
      }),
  );
}

interface Push {
  readonly at: Span;
  /** The input that takes away even the unsigned provenance that the builder writes. */
  readonly switchedOff: Span | undefined;
}

function findPush({ work }: Step): Push | undefined {
  if (work.kind === 'script') {
    const match = PUSHES.exec(work.text.value);
    if (match === null) return undefined;
    const start = match.index + match[0].search(/\w/);
    return { at: work.text.span(start, match.index + match[0].trimEnd().length), switchedOff: undefined };
  }
  if (work.kind !== 'action' || work.reference.repository !== 'docker/build-push-action') return undefined;
  const input = (wanted: string) => work.inputs.find(({ name }) => name.toLowerCase() === wanted);
  const push = input('push')?.value?.value;
  if (push === undefined || push === 'false') return undefined;
  const provenance = input('provenance');
  return {
    at: work.text.node,
    switchedOff: provenance?.value?.value === 'false' ? provenance.key : undefined,
  };
}

export const rule: Rule = {
  id: 'unattested-image',
  title: 'An image is pushed that nothing vouches for',
  severity: 'low',
  confidence: 'medium',
  persona: 'auditor',
  platforms: ['github'],
  needs: ['docker', 'podman', 'buildah'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-9'], cwe: ['CWE-353'], cis: ['2.4.6', '4.1.1'] },
  description:
    'Looks for workflows that push container images and neither sign nor attest them, and for builders whose provenance is switched off.',
  why: 'Whoever can write to the registry can put another image under the same tag, and those who run it cannot tell: only a signature says which repository and which run an image comes from.',
  remedy:
    'Add `actions/attest` with `subject-digest: ${{ steps.push.outputs.digest }}` and `push-to-registry: true` behind the push, and let the cluster check it.',
  references: [
    'https://docs.github.com/en/actions/how-tos/secure-your-work/use-artifact-attestations/use-artifact-attestations',
  ],
  aliases: ['checkov/CKV_GHA_5', 'checkov/CKV_GHA_6'],

  pipeline(pipeline, context) {
    if (pipeline.kind !== 'workflow' || signs(pipeline)) return;
    for (const job of pipeline.jobs) {
      for (const step of job.steps) {
        const push = findPush(step);
        if (push === undefined) continue;
        const off = push.switchedOff;
        context.report({
          at: push.at,
          message: `the job ${job.id} pushes an image that nothing in this workflow signs or attests`,
          persona: off === undefined ? 'auditor' : 'pedantic',
          related: off === undefined ? [] : [{ at: off, label: 'switches off what the builder would write' }],
          key: `${job.id} ${step.name?.value ?? step.id ?? ''}`,
        });
      }
    }
  },
};

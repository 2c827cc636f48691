import { isOutsider } from '#pipeline/trigger.ts';
import type { Variable } from '#pipeline/model.ts';
import { locateExpression } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';

const ATTESTERS = new Set(['actions/attest', 'actions/attest-build-provenance', 'actions/attest-sbom']);

function isSubject({ name }: Variable): boolean {
  return /^subject-|^(?:predicate|sbom)(?:-path|-type)?$/.test(name.toLowerCase());
}

export const rule: Rule = {
  id: 'attestation-of-untrusted',
  title: 'An outsider chooses what is attested',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['actions/attest'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-9'], cwe: ['CWE-345', 'CWE-347'], cis: ['2.4.6'] },
  description:
    'Looks for attestations whose subject or content comes from text that outsiders write: titles, branch names, comments, outputs made of them.',
  why: 'An attestation says with the name of this repository: we built that. Whoever chooses the name or the digest gets that signature for a file of their own, and every check downstream lets it pass.',
  remedy:
    'Take the subject from the build in the same job: `subject-path: dist/*`, or `subject-digest: ${{ steps.push.outputs.digest }}` of the step that pushed.',
  references: [
    'https://docs.github.com/en/actions/concepts/security/artifact-attestations',
    'https://slsa.dev/spec/v1.1/verifying-artifacts',
  ],
  aliases: ['taudit/gha_attestation_subject_path_workspace_glob_with_pr_trigger'],

  step(step, context) {
    const { work } = step;
    if (work.kind !== 'action' || !ATTESTERS.has(work.reference.repository)) return;
    for (const input of work.inputs.filter(isSubject)) {
      for (const expression of input.value?.expressions ?? []) {
        const taint = context
          .taintsOf(expression, { step })
          .find((each) => isOutsider(each.writtenBy) && each.authority === 'full');
        if (taint === undefined) continue;
        context.report({
          at: locateExpression(expression),
          message: `${input.name} of the attestation comes from ${taint.origin}, which outsiders write`,
          confidence: taint.certainty === 'possible' ? 'low' : 'high',
          path: taint.hops,
        });
      }
    }
  },
};

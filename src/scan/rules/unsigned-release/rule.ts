import type { Repository } from '#pipeline/repository.ts';
import type { Rule } from '../../rule.ts';
import { jobsOf, nameJob, surfacePipelines, surfacePlatforms } from '../../shared/surface-jobs.ts';
import { releasesOf, signsSomething } from '../../shared/surface-releases.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';

/** One finding a definition: what signs one of its releases can sign all of them. */
function findUnsigned(repository: Repository): Candidate[] {
  return surfacePipelines(repository).flatMap((pipeline) => {
    if (signsSomething(pipeline.source.text)) return [];
    const releases = jobsOf(pipeline).flatMap((at) =>
      releasesOf(at).map((release) => ({ ...release, job: at.job })),
    );
    const [first, ...others] = releases;
    if (first === undefined) return [];
    const { source, span, what, job } = first;
    return [
      {
        source,
        span,
        report: {
          message: `${nameJob(job)} publishes with \`${what}\`, and nothing says where that was built`,
          related: others
            .slice(0, 5)
            .map((other) => ({ at: other.span, source: other.source, label: 'and here' })),
          key: what,
        },
      },
    ];
  });
}

export const rule: Rule = {
  id: 'unsigned-release',
  title: 'A release without signature and provenance',
  severity: 'info',
  confidence: 'medium',
  persona: 'auditor',
  platforms: surfacePlatforms,
  standards: { cicdSec: ['CICD-SEC-9'], cwe: ['CWE-345', 'CWE-353'], cis: ['4.1.1', '4.3.1', '2.4.6'] },
  description:
    'Looks for pipelines that publish packages and images, and neither sign them nor attest how they were built.',
  why: 'Whoever steals the right to push to the registry can put anything in the place of the release, and nobody who installs it can tell: nothing connects it with this pipeline and this commit.',
  remedy:
    'Sign what is published with the identity of the run and attest its provenance: `cosign sign` and `cosign attest --type slsaprovenance1` with an identity token, `npm publish --provenance`; let whoever deploys it verify both.',
  references: ['https://slsa.dev/spec/v1.1/levels', 'https://docs.sigstore.dev/cosign/signing/overview/'],
  aliases: ['scorecard/Signed-Releases'],

  repository(repository, context) {
    reportWorst(findUnsigned(repository), rule, context);
  },
};

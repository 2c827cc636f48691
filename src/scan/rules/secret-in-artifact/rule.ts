import type { Repository } from '#pipeline/repository.ts';
import type { JobSurface, StoreUse } from '#pipeline/surface.ts';
import type { Rule } from '../../rule.ts';
import { nameJob, scriptsOf, surfaceJobs, type SurfaceJob } from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';
import { findWrittenSecrets } from './find-written.ts';
import { describeSecretFile, takesAlong } from './kept-files.ts';

function secretNames({ credentials }: JobSurface): ReadonlySet<string> {
  return new Set(
    credentials.filter(({ kind }) => kind === 'secret' || kind === 'identity-token').map(({ name }) => name),
  );
}

function keptPaths({ artifacts }: JobSurface): readonly { store: StoreUse; path: string }[] {
  const written = artifacts.filter(({ access }) => access !== 'read');
  return written.flatMap((store) => store.paths.map((path) => ({ store, path })));
}

/** Secrets that a script of the job writes into a file which is kept. */
function findWritten(at: SurfaceJob): Candidate[] {
  const kept = keptPaths(at.surface);
  if (kept.length === 0) return [];
  const secrets = secretNames(at.surface);
  return scriptsOf(at).flatMap(({ script }) =>
    findWrittenSecrets(script.text.value, secrets).flatMap(({ file, what, start, end }) => {
      const taker = kept.find(({ path }) => takesAlong(path, file));
      if (taker === undefined) return [];
      return [
        {
          source: script.text.source,
          span: script.text.span(start, end),
          report: {
            message: `${nameJob(at.job)} writes ${what} to ${file.slice(0, 60)}, and an artifact takes the file along`,
            related: [
              {
                at: taker.store.span,
                source: taker.store.source,
                label: 'keeps it for whoever may see the run',
              },
            ],
            key: `${file} ${what}`,
          },
        },
      ];
    }),
  );
}

/** Files that are secret by their name. */
function findNamed(at: SurfaceJob): Candidate[] {
  return keptPaths(at.surface).flatMap(({ store, path }) => {
    const what = describeSecretFile(path);
    if (what === undefined) return [];
    const message = `${nameJob(at.job)} keeps ${path.slice(0, 60)} as an artifact: ${what}`;
    return [{ source: store.source, span: store.span, report: { message, key: path } }];
  });
}

function findArtifacts(repository: Repository): Candidate[] {
  return surfaceJobs(repository)
    .filter(({ job }) => rule.platforms.includes(job.pipeline.platform))
    .flatMap((each) => [...findWritten(each), ...findNamed(each)]);
}

export const rule: Rule = {
  id: 'secret-in-artifact',
  title: 'A file with secrets is kept as an artifact',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['circleci', 'bitbucket'],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-200', 'CWE-532', 'CWE-552'], cis: ['2.4.2'] },
  description:
    'Looks for files that scripts write secrets or all variables into (`printenv > debug.txt`, `echo $TOKEN > .npmrc`) and for private keys, kubeconfigs, states of Terraform and stored logins, where the job keeps these as artifacts or hands them to later jobs.',
  why: 'The platform masks secrets in logs and nowhere else. Whoever may see the run downloads its artifacts, for weeks, and each later job of the run gets them whether it needs them or not.',
  remedy:
    'Write the names only (`env | cut -d= -f1`), keep files with secrets out of `artifacts` and `store_artifacts`, and let the later job read the secret from its own variables.',
  references: [
    'https://cloud.google.com/blog/topics/threat-intelligence/bitbucket-pipeline-leaking-secrets/',
    'https://support.atlassian.com/bitbucket-cloud/docs/use-artifacts-in-steps/',
    'https://circleci.com/docs/guides/optimize/artifacts/',
  ],
  incident: {
    name: 'Secured variables of Bitbucket',
    date: '2024-05',
    what: 'Attackers used cloud credentials that build scripts had written, with all other variables, into artifacts that everybody could download.',
  },
  aliases: [],

  repository(repository, context) {
    reportWorst(findArtifacts(repository), rule, context);
  },
};

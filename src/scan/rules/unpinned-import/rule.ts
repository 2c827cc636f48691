import type { Pipeline, Platform } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { ImportKind, ImportUse } from '#pipeline/surface.ts';
import type { Rule } from '../../rule.ts';
import { describeCredentials } from '../../shared/surface-credentials.ts';
import { jobsOf, surfacePipelines, surfacePlatforms } from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';
import type { Verdict } from '../../shared/surface-values.ts';

/** In a sentence; images and programs are judged by rules of their own. */
const NAMES: Readonly<Partial<Record<ImportKind, string>>> = {
  action: 'the action',
  workflow: 'the workflow',
  orb: 'the orb',
  template: 'the template',
  task: 'the task',
  library: 'the library',
  pipe: 'the pipe',
  plugin: 'the plugin',
  script: 'the code of',
};

const COMMIT = 'Name the full commit instead, and keep the version in a comment behind it.';

const REMEDIES: Readonly<Partial<Record<Platform, Partial<Record<ImportKind, string>>>>> = {
  azure: {
    template:
      'Name a commit or a tag that nobody may move in the resource: `ref: refs/tags/v1.2.3`, and protect that tag; a branch moves with every push to it.',
    task: 'Name the whole version, `Task@1.2.3`: a major version takes every update by itself.',
  },
  circleci: {
    orb: 'Name the whole version, `namespace/orb@1.2.3`: it can never change. `volatile`, `dev:` and a shortened version can.',
  },
  jenkins: {
    library:
      "Name a commit, `@Library('name@<40 hex>')`, and switch “Load implicitly” and the default version off for libraries of others.",
  },
  bitbucket: {
    pipe: 'Name the image of the pipe by its digest: `pipe: docker://owner/pipe:1.2.3@sha256:<64 hex>`.',
  },
  tekton: {
    task: 'Name a commit or a digest: `revision: <40 hex>` with the resolver `git`, `bundle: name@sha256:<64 hex>` with `bundles`.',
  },
  woodpecker: { plugin: 'Name the image of the plugin by its digest: `image: name:1.2.3@sha256:<64 hex>`.' },
};

function describeMove({ version, pin }: ImportUse): string {
  const shown = (version ?? '').replaceAll(/\s+/g, ' ').slice(0, 50);
  if (pin === 'none') return shown === '' ? 'whatever is the newest' : `the version ${shown}, which moves`;
  if (pin === 'branch') return `${shown}, which follows every change of its owner`;
  return `the version ${shown}, which can be moved`;
}

/** What others write, and moves by itself, is everybody’s concern; a tag of somebody known is not. */
function judge({ kind, origin, pin }: ImportUse, held: boolean): Verdict {
  const moves = pin !== 'tag';
  // Libraries are set up by whoever runs the server, for the pipelines of the same house.
  if (kind === 'library' && moves) return { severity: 'low', confidence: 'high', persona: 'pedantic' };
  if (origin === 'third-party' && moves) {
    return { severity: held ? 'medium' : 'low', confidence: 'high', persona: 'regular' };
  }
  if (origin === 'third-party') {
    return { severity: held ? 'medium' : 'low', confidence: 'high', persona: 'pedantic' };
  }
  return { severity: 'low', confidence: 'high', persona: moves && origin === 'own' ? 'pedantic' : 'auditor' };
}

function toCandidate(use: ImportUse, pipeline: Pipeline, held: string | undefined): Candidate | undefined {
  const kind = NAMES[use.kind];
  if (kind === undefined || use.immutable) return undefined;
  if (use.pin !== 'tag' && use.pin !== 'branch' && use.pin !== 'none') return undefined;
  const verdict = judge(use, held !== undefined);
  const beside =
    held === undefined || verdict.persona !== 'regular' ? '' : `, in a pipeline that has ${held}`;
  return {
    source: use.source,
    span: use.span,
    report: {
      ...verdict,
      message: `${kind} ${use.name.slice(0, 60)} is taken at ${describeMove(use)}${beside}`,
      remedy: REMEDIES[pipeline.platform]?.[use.kind] ?? COMMIT,
      key: `${use.kind} ${use.name}@${use.version ?? ''}`,
    },
  };
}

function findImports(repository: Repository): Candidate[] {
  return surfacePipelines(repository).flatMap((pipeline) => {
    const imports = pipeline.surface?.imports ?? [];
    if (imports.length === 0) return [];
    const [held] = jobsOf(pipeline).flatMap(
      ({ surface }) => describeCredentials(surface, pipeline.platform) ?? [],
    );
    return imports.flatMap((use) => toCandidate(use, pipeline, held) ?? []);
  });
}

export const rule: Rule = {
  id: 'unpinned-import',
  title: 'Somebody else can change what the pipeline is made of',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: surfacePlatforms,
  standards: { cicdSec: ['CICD-SEC-3', 'CICD-SEC-8'], cwe: ['CWE-829', 'CWE-1357'], cis: ['3.1.1', '2.3.1'] },
  description:
    'Looks for orbs, templates, tasks, libraries, pipes, plugins and scripts that are taken by a version that can move. Everybody sees those of others that follow a branch or name no version; tags and those of the same owner are for people who want all of them pinned.',
  why: 'What is imported runs with everything that the job has. Whoever owns it, or has taken its owner’s account, changes the next run of this pipeline without a change in this repository.',
  remedy:
    'Name the full commit, the digest, or a version that the platform never lets change; keep the readable version in a comment behind it.',
  references: [
    'https://circleci.com/docs/orbs-faq/',
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/security/templates',
    'https://www.jenkins.io/doc/book/pipeline/shared-libraries/',
  ],
  incident: {
    name: 'Codecov',
    date: '2021-04',
    what: 'An uploader that pipelines took at its newest version, as a script, orb and action, sent their variables away for two months.',
  },
  aliases: [
    'checkov/CKV_CIRCLECIPIPELINES_3',
    'checkov/CKV_CIRCLECIPIPELINES_4',
    'poutine/unpinnable_action',
    'taudit/template_extends_unpinned_branch',
    'taudit/template_repo_ref_is_feature_branch',
  ],

  repository(repository, context) {
    reportWorst(findImports(repository), rule, context, { merge: true });
  },
};

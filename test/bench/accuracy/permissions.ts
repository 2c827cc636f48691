import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkDefinitions, readDefinitions } from '#pipeline/read-file.ts';
import type { Job } from '#pipeline/model.ts';
import { Repository } from '#pipeline/repository.ts';
import { SourceText } from '#pipeline/source.ts';
import { inferPermissions } from '#scan/shared/permission-inference/infer.ts';
import type { InferredPermissions } from '#scan/shared/permission-inference/need.ts';
import type { BenchReport } from '../report.ts';
import { percentage } from './corpus.ts';

/** Pairs of a workflow and what another tool made of it, where they are in the corpus. */
const FIXTURES = '_fixtures/step-security__secure-repo/testfiles';
const FOLDERS = ['joblevelperms', 'joblevelpermskb'];
/** Scopes that the platform had when the pairs were made, and has no more. */
const RETIRED = new Set(['repository-projects']);

/** Why a job differs, by `folder/file job`. */
const REASONS: Readonly<Record<string, string>> = {
  'joblevelperms/actions-security-events-permission.yml security':
    'Snyk’s action only tests: who uploads its results is another step, and here is none',
  'joblevelpermskb/dependabot-run-steps.yml Dependabot Pull Request':
    'dependabot/fetch-metadata only reads the pull request; its documentation asks for no more',
  'joblevelperms/brandedoutcast-publish-nuget.yml publish':
    'the action pushes a tag unless TAG_COMMIT is false; reading is not enough',
  'joblevelperms/brandedoutcast-publish-nuget.yml publish1':
    'the action pushes a tag unless TAG_COMMIT is false; reading is not enough',
};

function readRepository(file: string, text: string): Repository {
  const path = `.github/workflows/${file}`;
  return new Repository('', linkDefinitions([readDefinitions(new SourceText(path, text))]));
}

function jobsOf({ pipelines }: Repository): readonly Job[] {
  return pipelines.flatMap(({ jobs }) => jobs);
}

function describe(scopes: ReadonlyMap<string, string>): string {
  const words = [...scopes].map(([scope, access]) => `${scope}: ${access}`);
  return words.toSorted().join(', ') || '{}';
}

function labelOf(job: Job): string {
  const scopes = job.permissions?.scopes ?? [];
  const kept = scopes.filter(({ name, access }) => access !== 'none' && !RETIRED.has(name));
  return describe(new Map(kept.map(({ name, access }) => [name, access])));
}

interface Comparison {
  readonly name: string;
  readonly expected: string;
  readonly inferred: string;
  readonly unknown: InferredPermissions['unknown'];
}

function compareFile(top: string, folder: string, file: string): Comparison[] {
  const read = (side: string) => readRepository(file, readFileSync(join(top, folder, side, file), 'utf8'));
  const [input, output] = [read('input'), read('output')];
  const labelled = new Map(jobsOf(output).map((job) => [job.id, job]));
  return jobsOf(input).flatMap((job) => {
    const label = labelled.get(job.id);
    // A file that the other tool refused has no jobs; a job that had its own was left alone.
    if (labelled.size > 0 && (label?.permissions === undefined || job.permissions !== undefined)) return [];
    if (labelled.size === 0 && [job, job.pipeline].some(({ permissions }) => permissions !== undefined))
      return [];
    const { scopes, unknown } = inferPermissions(job, input);
    const expected = label === undefined ? 'unknown' : labelOf(label);
    return [{ name: `${folder}/${file} ${job.id}`, expected, inferred: describe(scopes), unknown }];
  });
}

function isEqual({ expected, inferred, unknown }: Comparison): boolean {
  return expected === 'unknown' ? unknown.length > 0 : unknown.length === 0 && inferred === expected;
}

function explain({ name, expected, inferred, unknown }: Comparison): string {
  const doubts = unknown.map(({ what }) => `; unknown: ${what}`).join('');
  return `${inferred}${doubts} (labelled ${expected}): ${REASONS[name] ?? 'UNEXPLAINED'}`;
}

/** How often inferred permissions are those of StepSecurity’s own tests; nothing where they are not there. */
export function comparePermissions(corpus: string): BenchReport['rows'] {
  const top = join(corpus, FIXTURES);
  if (!existsSync(top)) return [];
  const compared = FOLDERS.flatMap((folder) =>
    readdirSync(join(top, folder, 'input')).flatMap((file) => compareFile(top, folder, file)),
  );
  const [known, refused] = [true, false].map((isKnown) =>
    compared.filter(({ expected }) => (expected !== 'unknown') === isKnown),
  );
  const equal = (all: readonly Comparison[] = []) => percentage(all.filter(isEqual).length, all.length);
  return [
    { label: 'equal to the labelled job', value: equal(known) },
    { label: 'unknown where the other gives up', value: equal(refused) },
    ...compared.filter((each) => !isEqual(each)).map((each) => ({ label: each.name, value: explain(each) })),
  ];
}

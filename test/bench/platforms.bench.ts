import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Finding } from '#findings/finding.ts';
import type { Platform } from '#pipeline/model.ts';
import { readDefinitions } from '#pipeline/read-file.ts';
import { SourceText } from '#pipeline/source.ts';
import { rules } from '#scan/rules.generated.ts';
import { scanPaths } from '#scan/scan-paths.ts';
import { openLabelledCorpus, percentage } from './accuracy/corpus.ts';
import { type Expectation, expectations } from './platforms/expectations.ts';
import type { BenchReport } from './report.ts';

const AS_OF_MS = Date.parse('2026-11-01');

/** Kinds of the corpus's index, and who reads them. */
const KINDS: Readonly<Record<string, Platform>> = {
  'github-workflow': 'github',
  'github-action': 'github',
  'gitlab-ci': 'gitlab',
  'azure-pipelines': 'azure',
  circleci: 'circleci',
  bitbucket: 'bitbucket',
  jenkinsfile: 'jenkins',
  'jenkins-groovy': 'jenkins',
  tekton: 'tekton',
  argo: 'argo',
};

interface IndexedFile {
  readonly path: string;
  readonly platform: Platform;
  /** Fixtures of tools hold what is wrong on purpose. */
  readonly isReal: boolean;
}

function readIndex(top: string): IndexedFile[] {
  const [, ...lines] = readFileSync(join(top, 'INDEX.tsv'), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [split, , , , path = '', kind = ''] = line.split('\t');
    const platform = KINDS[kind];
    if (split !== 'open' || platform === undefined || !existsSync(join(top, path))) return [];
    return [{ path, platform, isReal: !path.startsWith('open/_') }];
  });
}

interface Tally {
  files: number;
  definitions: number;
  jobs: number;
  readonly unreadable: string[];
}

/** Reads every file by itself, as if it had been named by hand. */
function tally(top: string, files: readonly IndexedFile[]): Tally {
  const sum: Tally = { files: files.length, definitions: 0, jobs: 0, unreadable: [] };
  for (const { path } of files) {
    const inRepository = path.split('/').slice(2).join('/');
    const read = readDefinitions(new SourceText(inRepository, readFileSync(join(top, path), 'utf8')));
    if (read.problems.some(({ partial }) => !partial)) sum.unreadable.push(path);
    for (const definition of read.definitions) {
      sum.definitions += 1;
      sum.jobs += definition.kind === 'pipeline' ? definition.pipeline.jobs.length : 0;
    }
  }
  return sum;
}

type FindingsByFile = ReadonlyMap<string, readonly Finding[]>;

function scanAll(folder: string): FindingsByFile {
  const { repositories } = scanPaths([folder], { rules, asOfMs: AS_OF_MS });
  const all = repositories.flatMap(({ root, findings }) =>
    findings.map((finding) => [join(root, finding.locations[0].file), finding] as const),
  );
  const grouped = Map.groupBy(all, ([file]) => file);
  return new Map([...grouped].map(([file, pairs]) => [file, pairs.map(([, finding]) => finding)]));
}

function meets({ file, rule, fires }: Expectation, folder: string, found: FindingsByFile): boolean {
  const findings = found.get(join(folder, '_fixtures', file)) ?? [];
  return findings.some(({ ruleId }) => ruleId === rule) === fires;
}

/** Every platform's files read, what regular readers get to see of real ones, and what others say of fixtures. */
export async function run(): Promise<BenchReport> {
  const corpus = openLabelledCorpus();
  if (corpus === undefined) {
    return {
      name: 'platforms',
      rows: [],
      notes: ['SKIPPED: there is no corpus here (VOUCHGATE_BENCH_CORPUS)'],
    };
  }
  const top = dirname(corpus.folder);
  const index = readIndex(top);
  const found = scanAll(corpus.folder);
  const platforms = [...new Set(index.map(({ platform }) => platform))];
  const rows = platforms.map((platform) => {
    const real = index.filter((each) => each.platform === platform && each.isReal);
    const { files, definitions, jobs, unreadable } = tally(top, real);
    const regular = real
      .flatMap(({ path }) => found.get(join(top, path)) ?? [])
      .filter(({ persona, suppression }) => persona === 'regular' && suppression === undefined);
    const [first] = unreadable;
    const value = `${files} real files, ${definitions} definitions, ${jobs} jobs; unreadable ${unreadable.length}${first === undefined ? '' : ` (${first})`}; ${regular.length} findings for everybody`;
    return { label: platform, value };
  });
  const met = expectations.filter((each) => meets(each, corpus.folder, found));
  const missed = expectations.filter((each) => !met.includes(each));
  const explained = missed.filter(({ differs }) => differs !== undefined);
  return {
    name: `platforms, ${rules.length} rules`,
    rows: [
      ...rows,
      { label: 'labels', value: `as labelled ${percentage(met.length, expectations.length)}` },
      {
        label: 'labels',
        value: `explained ${explained.length}, unexplained ${missed.length - explained.length}`,
      },
    ],
    notes: [
      ...missed.map(({ file, check, differs }) => `${check} in ${file}: ${differs ?? 'NOT FOUND'}`),
      'labels: fixtures of Checkov and poutine, challenges of cicd-goat; any persona counts',
    ],
  };
}

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Repositories with their GitHub workflows and actions and nothing else, so that no tool's settings are found. */
export interface Stage {
  readonly folder: string;
  /** Relative to the folder, sorted. */
  readonly workflows: readonly string[];
  readonly actions: readonly string[];
  remove(): void;
}

/** The repository of a stage that has the median number of workflows: what people usually have before them. */
export function pickRepository({ folder, workflows, actions }: Stage): Stage {
  const byRepository = [...Map.groupBy(workflows, (file) => file.split('/', 1)[0] ?? '')];
  const sorted = byRepository.toSorted(([, left], [, right]) => left.length - right.length);
  const [name = ''] = sorted[Math.floor(sorted.length / 2)] ?? [];
  const within = (files: readonly string[]) =>
    files.flatMap((file) => (file.startsWith(`${name}/`) ? [file.slice(name.length + 1)] : []));
  return {
    folder: join(folder, name),
    workflows: within(workflows),
    actions: within(actions),
    remove: () => {},
  };
}

const WORKFLOW = /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/;
const ACTION = /(?:^|\/)action\.ya?ml$/;
const HEAD = 'ref: refs/heads/main\n';

export function findCorpusFolder(): string | undefined {
  const given = process.env['VOUCHGATE_BENCH_CORPUS'];
  const places = given === undefined ? [join(homedir(), '.cache/vouchgate-data/corpus/open')] : [given];
  return places.find((each) => existsSync(each));
}

/** Folders that begin with `_` hold other tools' test files, which are wrong on purpose. */
export function stageRepositories(corpus: string): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'vouchgate-compare-'));
  const files: string[] = [];
  for (const repository of readdirSync(corpus, { withFileTypes: true })) {
    if (!repository.isDirectory() || repository.name.startsWith('_')) continue;
    const top = join(corpus, repository.name);
    for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name).slice(corpus.length + 1);
      if (entry.isFile() && (WORKFLOW.test(file) || ACTION.test(file))) files.push(file);
    }
  }
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(corpus, file), join(folder, file));
  }
  // actionlint looks for the repository that a file belongs to.
  for (const repository of new Set(files.map((file) => file.split('/', 1)[0] ?? ''))) {
    mkdirSync(join(folder, repository, '.git'));
    writeFileSync(join(folder, repository, '.git', 'HEAD'), HEAD);
  }
  const workflows = files.filter((file) => WORKFLOW.test(file)).toSorted();
  return {
    folder,
    workflows,
    actions: files.filter((file) => !WORKFLOW.test(file)).toSorted(),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

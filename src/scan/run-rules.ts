import type { ScanProblem } from '#findings/finding.ts';
import { messageOf } from '#core/errors.ts';
import { TaintAnalysis } from '#pipeline/github/taint/taint-analysis.ts';
import type { Assumption } from '#pipeline/guard.ts';
import type { Configuration, Definition, Pipeline, Platform } from '#pipeline/model.ts';
import type { ReadFile } from '#pipeline/read-file.ts';
import type { Repository } from '#pipeline/repository.ts';
import { AttackAnalysis } from './graph/attack-analysis.ts';
import type { Rule } from './rule.ts';
import { type FindingDraft, type Place, RuleRun, type RunOptions } from './rule-run.ts';

/** The runs that have something to say about one kind of thing; a rule without the method is not asked. */
interface Hooks {
  readonly pipeline: readonly RuleRun[];
  readonly job: readonly RuleRun[];
  readonly step: readonly RuleRun[];
  readonly configuration: readonly RuleRun[];
}

function selectHooks(runs: readonly RuleRun[], platform: Platform): Hooks {
  const own = runs.filter(({ rule }) => rule.platforms.includes(platform));
  return {
    pipeline: own.filter(({ rule }) => rule.pipeline !== undefined),
    job: own.filter(({ rule }) => rule.job !== undefined),
    step: own.filter(({ rule }) => rule.step !== undefined),
    configuration: own.filter(({ rule }) => rule.configuration !== undefined),
  };
}

/** All rules over one repository, from the outside in: what one rule worked out about a step is at hand for the next. */
class RepositoryRun {
  readonly problems: ScanProblem[] = [];
  readonly #repository: Repository;
  readonly #runs: readonly RuleRun[];
  readonly #fileRuns: readonly RuleRun[];
  readonly #hooks = new Map<Platform, Hooks>();
  /** Rules that failed in the file that is being looked at. */
  readonly #failed = new Set<RuleRun>();

  constructor(repository: Repository, runs: readonly RuleRun[]) {
    this.#repository = repository;
    this.#runs = runs;
    this.#fileRuns = runs.filter(({ rule }) => rule.file !== undefined);
  }

  /** A rule that fails has looked at nothing there: that is a record, and the other rules go on. */
  #ask(runs: readonly RuleRun[], file: string, place: Place | undefined, look: (run: RuleRun) => void): void {
    for (const run of runs) {
      if (this.#failed.size > 0 && this.#failed.has(run)) continue;
      run.enter(place);
      try {
        look(run);
      } catch (error) {
        this.#failed.add(run);
        const message = `the rule ${run.rule.id} failed here (${messageOf(error)}); please report it`;
        this.problems.push({ file, line: 1, column: 1, message, partial: true });
      }
    }
  }

  #hooksOf(platform: Platform): Hooks {
    const hooks = this.#hooks.get(platform) ?? selectHooks(this.#runs, platform);
    this.#hooks.set(platform, hooks);
    return hooks;
  }

  #lookAtPipeline(pipeline: Pipeline): void {
    const { source, jobs } = pipeline;
    const hooks = this.#hooksOf(pipeline.platform);
    const { file } = source;
    this.#ask(hooks.pipeline, file, { source, pipeline }, (run) => run.rule.pipeline?.(pipeline, run));
    for (const job of jobs) {
      this.#ask(hooks.job, file, { source, pipeline, job }, (run) => run.rule.job?.(job, run));
      for (const step of job.steps) {
        this.#ask(hooks.step, file, { source, pipeline, job, step }, (run) => run.rule.step?.(step, run));
      }
    }
  }

  #lookAtConfiguration(configuration: Configuration): void {
    const { source, platform } = configuration;
    const runs = this.#hooksOf(platform).configuration;
    this.#ask(runs, source.file, { source }, (run) => run.rule.configuration?.(configuration, run));
  }

  #lookAtDefinition(definition: Definition): void {
    if (definition.kind === 'pipeline') this.#lookAtPipeline(definition.pipeline);
    else this.#lookAtConfiguration(definition.configuration);
  }

  lookAtFile(file: ReadFile): void {
    const { source, definitions } = file;
    this.#failed.clear();
    this.#ask(this.#fileRuns, source.file, { source }, (run) => run.rule.file?.(file, run));
    for (const definition of definitions) this.#lookAtDefinition(definition);
  }

  /** For what no single file shows. */
  #askOfRepository(runs: readonly RuleRun[], look: (run: RuleRun) => void): void {
    const [first] = this.#repository.files;
    this.#failed.clear();
    if (first !== undefined) this.#ask(runs, first.source.file, undefined, look);
  }

  lookAtRepository(): void {
    this.#askOfRepository(this.#runs, (run) => run.rule.repository?.(this.#repository, run));
  }

  /** What rules make of the findings of the others. */
  conclude(runs: readonly RuleRun[], attacks: AttackAnalysis): void {
    this.#askOfRepository(runs, (run) => run.rule.conclude?.(attacks, run));
  }
}

const draftsOf = (runs: readonly RuleRun[]): FindingDraft[] => runs.flatMap(({ drafts }) => drafts);

function describeDropped({ rule, dropped }: RuleRun, { files }: Repository): ScanProblem {
  const message = `${dropped} more findings of ${rule.id} are not shown`;
  return { file: files[0]?.source.file ?? '', line: 1, column: 1, message, partial: true };
}

/** Runs rules over everything of one repository; what they found stands in the order of the rules. */
export function runRules(
  rules: readonly Rule[],
  repository: Repository,
  options: RunOptions,
): { drafts: FindingDraft[]; problems: ScanProblem[] } {
  const taint = new TaintAnalysis(repository);
  const outsiders = new Map<string, Assumption>();
  const start = (rule: Rule): RuleRun => new RuleRun(rule, { repository, taint, outsiders }, options);
  const runs = rules.map(start);
  const run = new RepositoryRun(repository, runs);
  for (const file of repository.files) run.lookAtFile(file);
  run.lookAtRepository();
  const drafts = draftsOf(runs);
  const findings = drafts.map(({ finding }) => finding);
  const attacks = new AttackAnalysis(repository, findings, taint, options.asOfMs);
  const concluding = rules.filter((rule) => rule.conclude !== undefined).map(start);
  run.conclude(concluding, attacks);
  const dropped = [...runs, ...concluding]
    .filter((each) => each.dropped > 0)
    .map((each) => describeDropped(each, repository));
  const explained = [...drafts, ...draftsOf(concluding)].map((draft) => ({
    ...draft,
    finding: attacks.explain(draft.finding),
  }));
  return { drafts: explained, problems: [...run.problems, ...dropped] };
}

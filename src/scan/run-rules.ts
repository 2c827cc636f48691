import type { ScanProblem } from '#findings/finding.ts';
import { messageOf } from '#core/errors.ts';
import { TaintAnalysis } from '#pipeline/github/taint/taint-analysis.ts';
import type { Assumption } from '#pipeline/guard.ts';
import type { Configuration, Definition, Job, Pipeline, Platform, Step } from '#pipeline/model.ts';
import type { ReadFile } from '#pipeline/read-file.ts';
import type { Repository } from '#pipeline/repository.ts';
import { AttackAnalysis } from './graph/attack-analysis.ts';
import { NeededWords } from './needed-words.ts';
import type { Rule } from './rule.ts';
import { isForOtherServer } from './shared/other-servers.ts';
import { type FindingDraft, type Place, RuleRun, type RunOptions } from './rule-run.ts';

/** Found once for all files: every rule is an object of another shape, which is slow to look into a million times. */
interface Hook<Subject> {
  readonly run: RuleRun;
  readonly look: (subject: Subject, context: RuleRun) => void;
}

/** The runs that have something to say about one kind of thing; a rule without the method is not asked. */
interface Hooks {
  readonly pipeline: readonly Hook<Pipeline>[];
  readonly job: readonly Hook<Job>[];
  readonly step: readonly Hook<Step>[];
  readonly configuration: readonly Hook<Configuration>[];
}

function hooksOf<Subject>(
  runs: readonly RuleRun[],
  pick: (rule: Rule) => Hook<Subject>['look'] | undefined,
): Hook<Subject>[] {
  return runs.flatMap((run) => {
    const look = pick(run.rule);
    return look === undefined ? [] : { run, look };
  });
}

/** Forgejo and Gitea read GitHub's language, and have only a part of what stands behind it. */
type Server = Platform | 'like-github';

function serverOf(pipeline: Pipeline): Server {
  return isForOtherServer(pipeline) ? 'like-github' : pipeline.platform;
}

function runsOn({ platforms, onlyForGithub = false }: Rule, server: Server): boolean {
  return server === 'like-github'
    ? platforms.includes('github') && !onlyForGithub
    : platforms.includes(server);
}

function selectHooks(runs: readonly RuleRun[], server: Server): Hooks {
  const own = runs.filter(({ rule }) => runsOn(rule, server));
  return {
    pipeline: hooksOf(own, (rule) => rule.pipeline?.bind(rule)),
    job: hooksOf(own, (rule) => rule.job?.bind(rule)),
    step: hooksOf(own, (rule) => rule.step?.bind(rule)),
    configuration: hooksOf(own, (rule) => rule.configuration?.bind(rule)),
  };
}

/** Those that can find something where these words stand. */
function narrowHooks(hooks: Hooks, words: NeededWords, standing: Uint8Array): Hooks {
  const narrow = <Subject>(all: readonly Hook<Subject>[]): Hook<Subject>[] =>
    all.filter(({ run }) => words.allow(run.rule, standing));
  return {
    pipeline: narrow(hooks.pipeline),
    job: narrow(hooks.job),
    step: narrow(hooks.step),
    configuration: narrow(hooks.configuration),
  };
}

/** All rules over one repository, from the outside in: what one rule worked out about a step is at hand for the next. */
class RepositoryRun {
  readonly problems: ScanProblem[] = [];
  readonly #repository: Repository;
  readonly #runs: readonly RuleRun[];
  readonly #fileHooks: readonly Hook<ReadFile>[];
  readonly #hooks = new Map<Server, Hooks>();
  /** Undefined when rules are asked everywhere. */
  readonly #words: NeededWords | undefined;
  /** Rules that failed in the file that is being looked at. */
  readonly #failed = new Set<RuleRun>();

  constructor(repository: Repository, runs: readonly RuleRun[], words: NeededWords | undefined) {
    this.#repository = repository;
    this.#words = words;
    this.#runs = runs;
    this.#fileHooks = hooksOf(runs, (rule) => rule.file?.bind(rule));
  }

  /** A rule that fails has looked at nothing there: that is a record, and the other rules go on. */
  #ask<Subject>(
    hooks: readonly Hook<Subject>[],
    file: string,
    place: Place | undefined,
    subject: Subject,
  ): void {
    for (const { run, look } of hooks) {
      if (this.#failed.size > 0 && this.#failed.has(run)) continue;
      run.enter(place);
      try {
        look(subject, run);
      } catch (error) {
        this.#failed.add(run);
        const message = `the rule ${run.rule.id} failed here (${messageOf(error)}); please report it`;
        this.problems.push({ file, line: 1, column: 1, message, partial: true });
      }
    }
  }

  #hooksOf(server: Server): Hooks {
    const hooks = this.#hooks.get(server) ?? selectHooks(this.#runs, server);
    this.#hooks.set(server, hooks);
    return hooks;
  }

  #hooksFor(pipeline: Pipeline): Hooks {
    const hooks = this.#hooksOf(serverOf(pipeline));
    if (this.#words === undefined || pipeline.platform !== 'github') return hooks;
    return narrowHooks(hooks, this.#words, this.#words.around(pipeline));
  }

  #lookAtPipeline(pipeline: Pipeline): void {
    const { source, jobs } = pipeline;
    const hooks = this.#hooksFor(pipeline);
    const { file } = source;
    this.#ask(hooks.pipeline, file, { source, pipeline }, pipeline);
    for (const job of jobs) {
      this.#ask(hooks.job, file, { source, pipeline, job }, job);
      for (const step of job.steps) {
        this.#ask(hooks.step, file, { source, pipeline, job, step }, step);
      }
    }
  }

  #lookAtConfiguration(configuration: Configuration): void {
    const { source, platform } = configuration;
    const all = this.#hooksOf(platform);
    const words = platform === 'github' ? this.#words : undefined;
    const hooks = words === undefined ? all : narrowHooks(all, words, words.of(configuration));
    this.#ask(hooks.configuration, source.file, { source }, configuration);
  }

  #lookAtDefinition(definition: Definition): void {
    if (definition.kind === 'pipeline') this.#lookAtPipeline(definition.pipeline);
    else this.#lookAtConfiguration(definition.configuration);
  }

  lookAtFile(file: ReadFile): void {
    const { source, definitions } = file;
    this.#failed.clear();
    this.#ask(this.#fileHooks, source.file, { source }, file);
    for (const definition of definitions) this.#lookAtDefinition(definition);
  }

  /** For what no single file shows. */
  #askOfRepository<Subject>(hooks: readonly Hook<Subject>[], subject: Subject): void {
    const [first] = this.#repository.files;
    this.#failed.clear();
    if (first !== undefined) this.#ask(hooks, first.source.file, undefined, subject);
  }

  lookAtRepository(): void {
    const hooks = hooksOf(this.#runs, (rule) => rule.repository?.bind(rule));
    const standing = this.#words?.inRepository();
    const asked =
      standing === undefined ? hooks : hooks.filter(({ run }) => this.#words?.allow(run.rule, standing));
    this.#askOfRepository(asked, this.#repository);
  }

  /** What rules make of the findings of the others. */
  conclude(runs: readonly RuleRun[], attacks: AttackAnalysis): void {
    this.#askOfRepository(
      hooksOf(runs, (rule) => rule.conclude?.bind(rule)),
      attacks,
    );
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
  const words = options.askAlways === true ? undefined : new NeededWords(rules, repository);
  const run = new RepositoryRun(repository, runs, words);
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

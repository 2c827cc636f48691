import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Situation } from '#pipeline/gitlab/situation.ts';
import { clausesOf, literalsByVariable, nodesOf, refsOf } from './conditions.ts';

/** A way in which a pipeline starts, as far as conditions see it. */
export interface Occasion {
  readonly situation: Situation;
  /** What stands for it in `only:` and `except:`. */
  readonly words: readonly string[];
  /** The branch or tag; undefined for a merge request. */
  readonly ref: string | undefined;
  /** Somebody made the name up; there are others. */
  readonly isChosen: boolean;
  /** A setting that no file shows may forbid it: then what is let through is only “maybe”. */
  readonly bySetting: boolean;
}

type Values = Readonly<Record<string, string | null>>;

const REQUEST = /^CI_(?:MERGE_REQUEST|EXTERNAL_PULL_REQUEST)_/;
/** The platform’s own; everything else somebody gives a value to. */
const PREDEFINED = /^(?:CI|GITLAB|CHAT|TRIGGER)(?:_|$)/;
const DEFAULTS = ['main', 'master'];
const BRANCHES_MAX = 4;
/** Ways to start that have an occasion of their own. */
const SOURCES = new Set(['merge_request_event', 'push', 'schedule', 'web', 'api', 'trigger']);
const BRANCH_NAMES = [
  'CI_COMMIT_BRANCH',
  'CI_COMMIT_REF_NAME',
  'CI_COMMIT_REF_SLUG',
  'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME',
  'CI_MERGE_REQUEST_TARGET_BRANCH_NAME',
];

/** What is known of one job’s conditions, and of the values that the file gives. */
export class Occasions {
  readonly #literals: ReadonlyMap<string, readonly string[]>;
  readonly #given: ReadonlyMap<string, string>;
  readonly #refs: readonly string[];
  /** What the project calls its default branch, as far as its conditions tell. */
  readonly defaultBranch: string;

  constructor(job: GitlabJob) {
    this.#literals = literalsByVariable(nodesOf(clausesOf(job)));
    this.#refs = refsOf(job.rules);
    const named = this.#branches();
    this.defaultBranch = DEFAULTS.find((each) => named.includes(each)) ?? 'main';
    this.#given = new Map(
      [...job.env, ...job.pipeline.env]
        .toReversed()
        .flatMap(({ name, value }) =>
          value === undefined || value.value.includes('$') ? [] : [[name, value.value]],
        ),
    );
  }

  #branches(): readonly string[] {
    return [...new Set([...BRANCH_NAMES.flatMap((name) => this.#literals.get(name) ?? []), ...this.#refs])];
  }

  /** Branches that conditions name, and that are not the default one. */
  get namedBranches(): readonly string[] {
    return this.#branches()
      .filter((each) => !DEFAULTS.includes(each))
      .slice(0, BRANCHES_MAX);
  }

  #occasion(values: Values, more: Omit<Occasion, 'situation'>, byHand: Values = {}): Occasion {
    const project = this.#literals.get('CI_PROJECT_PATH')?.[0] ?? 'group/project';
    const known: Values = {
      CI: 'true',
      GITLAB_CI: 'true',
      CI_DEFAULT_BRANCH: this.defaultBranch,
      CI_PROJECT_PATH: project,
      CI_MERGE_REQUEST_PROJECT_PATH: project,
      ...values,
    };
    const situation: Situation = (name) => {
      if (Object.hasOwn(known, name)) return known[name];
      if (Object.hasOwn(byHand, name)) return byHand[name];
      if (REQUEST.test(name)) return more.ref === undefined ? undefined : null;
      return this.#given.get(name);
    };
    return { situation, ...more };
  }

  push(branch: string, source: string, words: readonly string[], bySetting = false): Occasion {
    const isDefault = branch === this.defaultBranch;
    return this.#occasion(
      {
        CI_PIPELINE_SOURCE: source,
        CI_COMMIT_BRANCH: branch,
        CI_COMMIT_REF_NAME: branch,
        CI_COMMIT_TAG: null,
        // Protected are the default branch, and those that somebody has protected.
        ...(bySetting ? {} : { CI_COMMIT_REF_PROTECTED: String(isDefault) }),
      },
      { words: ['branches', ...words], ref: branch, isChosen: !isDefault, bySetting },
    );
  }

  /** Any branch, and those by name of which nobody knows whether they are protected. */
  branches(source: string, words: readonly string[]): readonly Occasion[] {
    return [
      this.push('some-branch', source, words),
      ...this.namedBranches.map((each) => this.push(each, source, words, true)),
    ];
  }

  tags(): readonly Occasion[] {
    return ['v1.0.0', ...(this.#literals.get('CI_COMMIT_TAG') ?? [])].map((tag) =>
      this.#occasion(
        {
          CI_PIPELINE_SOURCE: 'push',
          CI_COMMIT_BRANCH: null,
          CI_COMMIT_REF_NAME: tag,
          CI_COMMIT_TAG: tag,
        },
        { words: ['tags', 'pushes'], ref: tag, isChosen: true, bySetting: false },
      ),
    );
  }

  /** Whoever opens it chooses both branches. */
  requests(sourceProject: 'own' | 'fork'): readonly Occasion[] {
    const project = this.#literals.get('CI_PROJECT_PATH')?.[0] ?? 'group/project';
    const sources = ['some-branch', ...this.namedBranches];
    const targets = [this.defaultBranch, ...this.namedBranches];
    return sources.flatMap((source) =>
      targets.map((target) =>
        this.#occasion(
          {
            CI_PIPELINE_SOURCE: 'merge_request_event',
            CI_COMMIT_BRANCH: null,
            CI_COMMIT_TAG: null,
            CI_OPEN_MERGE_REQUESTS: null,
            CI_COMMIT_REF_PROTECTED: 'false',
            CI_COMMIT_REF_NAME: source,
            CI_MERGE_REQUEST_ID: '1',
            CI_MERGE_REQUEST_IID: '1',
            CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: source,
            CI_MERGE_REQUEST_TARGET_BRANCH_NAME: target,
            CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: sourceProject === 'own' ? project : 'somebody/fork',
          },
          { words: ['merge_requests'], ref: undefined, isChosen: true, bySetting: false },
        ),
      ),
    );
  }

  /** Ways to start that conditions name and that other pipelines or tools have: whether any does is not in the file. */
  others(branch: string): readonly Occasion[] {
    const named = this.#literals.get('CI_PIPELINE_SOURCE') ?? [];
    return named
      .filter((source) => !SOURCES.has(source))
      .map((source) => this.push(branch, source, ['pipelines'], true));
  }

  /** A run that somebody starts, with variables of their own where the project’s settings let them. */
  byHand(branch: string): readonly Occasion[] {
    const own = [...this.#literals].filter(([name]) => !PREDEFINED.test(name));
    const values = Object.fromEntries(own.map(([name, [first = '']]) => [name, first]));
    const given: readonly Values[] = own.length === 0 ? [{}] : [{}, values];
    const starts = [
      ['web', 'web'],
      ['api', 'api'],
      ['trigger', 'triggers'],
    ] as const;
    return starts.flatMap(([source, word]) =>
      given.map((byHand) => {
        const plain = this.push(branch, source, [word], this.namedBranches.includes(branch));
        const situation: Situation = (name) =>
          Object.hasOwn(byHand, name) ? byHand[name] : plain.situation(name);
        return { ...plain, situation, bySetting: plain.bySetting || Object.keys(byHand).length > 0 };
      }),
    );
  }
}

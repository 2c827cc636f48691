import { isProductionBranch } from '../production-refs.ts';
import type { Start } from '../surface.ts';

/** One way in which a pipeline comes to run, with what its values are then. */
export interface Situation {
  readonly start: Start;
  /** Empty for tags. */
  readonly branch: string;
  readonly tag: string;
  /** What a pipeline value is; undefined when only the run can tell. */
  valueOf(path: string): string | undefined;
}

const FORK_SETTING = '"Pass secrets to builds from forked pull requests"';
const FORK_BUILD_SETTING = '"Build forked pull requests"';

/** Texts of the parameters that a pipeline has when nobody gives others. */
export type Defaults = ReadonlyMap<string, string>;

interface Facts {
  readonly branch?: string;
  readonly tag?: string;
  readonly source?: string;
  /** False when whoever starts the run may give any. */
  readonly takesDefaults?: boolean;
}

function situationOf(start: Start, facts: Facts, defaults: Defaults): Situation {
  const { branch = '', tag = '', source = 'webhook', takesDefaults = true } = facts;
  const known = new Map([
    ['pipeline.git.branch', branch],
    ['pipeline.git.tag', tag],
    ['pipeline.trigger_source', source],
    ['pipeline.schedule.name', source === 'scheduled_pipeline' ? undefined : ''],
    ['pipeline.git.branch.is_default', /^(?:main|master)$/.test(branch) ? 'true' : undefined],
  ]);
  if (/^pull\/|^feature/.test(branch)) known.set('pipeline.git.branch.is_default', 'false');
  const parameter = 'pipeline.parameters.';
  return {
    start,
    branch,
    tag,
    valueOf: (path) =>
      path.startsWith(parameter)
        ? takesDefaults
          ? defaults.get(path.slice(parameter.length))
          : undefined
        : known.get(path),
  };
}

const MEMBER = { actor: 'member', code: 'pushed', authority: 'full', setting: undefined } as const;

/** CircleCI gives the branch of a fork the name `pull/<number>`, and the definition comes from the fork. */
export function forkSituations(defaults: Defaults): Situation[] {
  const shared = { actor: 'anyone', code: 'head', production: false } as const;
  const what = 'a pull request from a fork';
  const facts = { branch: 'pull/1' };
  const bare = {
    what,
    ...shared,
    authority: 'read-only-for-forks',
    setting: FORK_BUILD_SETTING,
  } as const;
  const full = { what, ...shared, authority: 'full', setting: FORK_SETTING } as const;
  return [situationOf(bare, facts, defaults), situationOf(full, facts, defaults)];
}

export function branchSituation(branch: string, what: string, defaults: Defaults): Situation {
  return situationOf({ what, ...MEMBER, production: isProductionBranch(branch) }, { branch }, defaults);
}

export function tagSituation(tag: string, defaults: Defaults): Situation {
  return situationOf({ what: 'a push of a tag', ...MEMBER, production: true }, { tag }, defaults);
}

export function scheduleSituation(branch: string, defaults: Defaults): Situation {
  const production = isProductionBranch(branch);
  const start: Start = { ...MEMBER, what: 'a schedule', actor: 'schedule', production };
  return situationOf(start, { branch, source: 'scheduled_pipeline' }, defaults);
}

/** Somebody starts it with parameters of their own, in the application or over the interface. */
export function manualSituation(defaults: Defaults): Situation {
  const start = { ...MEMBER, what: 'a run that is started with parameters', production: false };
  return situationOf(start, { branch: 'main', source: 'api', takesDefaults: false }, defaults);
}

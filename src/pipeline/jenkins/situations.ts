import type { Start } from '../surface.ts';
import type { Situation } from './conditions.ts';

/** The kinds of build that Jenkins knows. */
export const situations: readonly Situation[] = [
  { kind: 'change', branch: undefined },
  { kind: 'main', branch: 'main' },
  { kind: 'branch', branch: undefined },
  { kind: 'tag', branch: undefined },
  { kind: 'manual', branch: undefined },
  { kind: 'timer', branch: undefined },
];

/** What a file shows about the project that runs it. */
export interface ProjectSigns {
  /** It asks for branches or pull requests, or has the name and place that multibranch projects look for. */
  readonly isMultibranch: boolean;
  /** A plug-in other than the branch source builds pull requests: ghprb, GitLab. */
  readonly reviewPlugin: string | undefined;
  /** A webhook of anybody's events starts it. */
  readonly hasWebhook: boolean;
  readonly hasParameters: boolean;
  readonly hasTimer: boolean;
}

const FORKS = 'building of pull requests from forks';

type Build = Omit<Start, 'actor' | 'authority' | 'setting'> & {
  readonly isThere: (signs: ProjectSigns) => boolean;
};

/** Builds that only people of the project cause. */
const BUILDS: Readonly<Record<Exclude<Situation['kind'], 'change'>, Build>> = {
  main: { what: 'a push to the main branch', code: 'pushed', production: true, isThere: isMultibranch },
  branch: { what: 'a push to a branch', code: 'pushed', production: false, isThere: isMultibranch },
  tag: { what: 'a tag', code: 'pushed', production: true, isThere: isMultibranch },
  manual: {
    what: 'somebody who starts it',
    code: 'base',
    production: false,
    isThere: (signs) => signs.hasParameters || !signs.isMultibranch,
  },
  timer: { what: 'a timer', code: 'base', production: false, isThere: ({ hasTimer }) => hasTimer },
};

function isMultibranch(signs: ProjectSigns): boolean {
  return signs.isMultibranch;
}

/** A build of that kind, as far as the file shows that there are any. */
function startOf({ kind }: Situation, signs: ProjectSigns): Start[] {
  if (kind === 'change') return changeStarts(signs);
  const { isThere, ...build } = BUILDS[kind];
  const actor = kind === 'timer' ? 'schedule' : 'member';
  return isThere(signs) ? [{ ...build, actor, authority: 'full', setting: undefined }] : [];
}

/** Credentials are there for every build: who may read them is up to the folder, not to the event. */
function changeStarts({ isMultibranch: isFollowed, reviewPlugin, hasWebhook }: ProjectSigns): Start[] {
  const starts: Start[] = [];
  // For the fork of somebody who is not trusted, Jenkins takes the Jenkinsfile of the target branch.
  const change = { code: 'merge', definition: 'base', authority: 'full', production: false } as const;
  if (hasWebhook) {
    starts.push({
      ...change,
      what: 'a webhook that anybody can cause',
      actor: 'anyone',
      code: 'base',
      setting: undefined,
    });
  }
  if (reviewPlugin !== undefined) {
    const setting = `${reviewPlugin} for people who are not trusted`;
    starts.push({ ...change, what: 'a pull request', actor: 'contributor-with-approval', setting });
  } else if (isFollowed && !hasWebhook) {
    starts.push({ ...change, what: 'a pull request from a fork', actor: 'anyone', setting: FORKS });
  }
  return starts;
}

/** How a job comes to run, by the conditions around it. */
export function startsOf(
  conditions: readonly ((situation: Situation) => boolean | undefined)[],
  signs: ProjectSigns,
): Start[] {
  return situations
    .filter((situation) => conditions.every((condition) => condition(situation) !== false))
    .flatMap((situation) => startOf(situation, signs));
}

import { isProductionBranch } from '../production-refs.ts';
import type { Start } from '../surface.ts';
import { type Clause, clausesFor, type Event } from './conditions.ts';

/** Secrets go to pull requests only where each of them says so, and reviewers may be asked first. */
const SECRETS = '"pull_request" among the events of a secret';

const PULL_REQUEST: Start = {
  what: 'a pull request, also of a fork',
  actor: 'contributor-with-approval',
  code: 'head',
  authority: 'read-only-for-forks',
  production: false,
  setting: '"Allow pull requests"',
};

function ofEvent(event: Event, clauses: readonly Clause[]): Start[] {
  switch (event) {
    case 'pull_request':
    case 'pull_request_metadata':
    case 'pull_request_closed':
      return [PULL_REQUEST, { ...PULL_REQUEST, authority: 'full', setting: SECRETS }];
    case 'push':
      return pushes(clauses);
    case 'tag':
    case 'release':
      return [member(event === 'tag' ? 'a tag' : 'a release', true)];
    case 'deployment':
      return [member('a deployment that somebody asks for', true)];
    case 'manual':
      return [member('a run that somebody starts by hand', false)];
    case 'cron':
      return [{ ...member('a schedule', false), actor: 'schedule', code: 'base' }];
  }
  return [];
}

function member(what: string, production: boolean): Start {
  return { what, actor: 'member', code: 'pushed', authority: 'full', production, setting: undefined };
}

/** A push to the branches that are named; without names, to any. */
function pushes(clauses: readonly Clause[]): Start[] {
  const branches = clauses.map((clause) => clause.branches);
  if (branches.includes(undefined) || branches.length === 0) {
    return [member('a push to any branch', false), member('a push to main', true)];
  }
  const named = [...new Set(branches.flatMap((each) => each ?? []))].slice(0, 10);
  return named.map((name) => member(`a push to ${name.slice(0, 60)}`, isProductionBranch(name)));
}

const CONSIDERED: readonly Event[] = [
  'pull_request',
  'push',
  'tag',
  'release',
  'deployment',
  'cron',
  'manual',
];

/** Every way in which a step comes to run: its own `when:` and that of the file must both hold. */
export function readStarts(
  ofFile: readonly Clause[] | undefined,
  ofStep: readonly Clause[] | undefined,
): Start[] {
  return CONSIDERED.flatMap((event) => {
    const [file, step] = [clausesFor(ofFile, event), clausesFor(ofStep, event)];
    if (file?.length === 0 || step?.length === 0) return [];
    // The narrower of both decides which branches; where both name some, the step's are shown.
    const named = [step, file].find((each) => each?.some(({ branches }) => branches !== undefined));
    return ofEvent(event, named ?? []);
  });
}

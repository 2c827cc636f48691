import { plural } from '#findings/reporters/plain-text.ts';
import { type Block, defineView, type ViewInput } from '../../view.ts';
import { judgeGitlabGuards } from './gitlab/judge-gitlab.ts';
import { judgeGuards } from './judge-guards.ts';
import type { JudgedGuard, Passage } from './judged-guard.ts';

interface Guards {
  readonly guards: readonly JudgedGuard[];
}

const SHOWN_MAX = 6;
const REASONS_MAX = 4;
const ORDER: readonly Passage[] = ['yes', 'maybe', 'waits', 'no'];
const VERDICTS: Readonly<Record<JudgedGuard['against'], Readonly<Record<Passage, string>>>> = {
  strangers: {
    yes: 'lets strangers through',
    maybe: 'may let strangers through',
    waits: 'lets strangers through once somebody said yes',
    no: 'keeps strangers out',
  },
  developers: {
    yes: 'lets through what nobody has reviewed',
    maybe: 'may let through what nobody has reviewed',
    waits: 'lets through what was merged',
    no: 'lets nobody through but maintainers',
  },
};
const HEADINGS: Readonly<Record<JudgedGuard['against'], string>> = {
  strangers: 'Conditions between strangers and authority (GitHub)',
  developers: 'Rules between unreviewed changes and authority (GitLab)',
};

/** All of a table fits on a line. */
const SHORT: Readonly<Record<string, string>> = { 'first-time': 'newcomer' };

function build({ repositories }: ViewInput): Guards {
  const guards = repositories.flatMap(({ scan, prefix }) => [
    ...judgeGuards(scan.repository, prefix),
    ...judgeGitlabGuards(scan.repository, prefix),
  ]);
  return {
    guards: guards.toSorted((left, right) => ORDER.indexOf(left.verdict) - ORDER.indexOf(right.verdict)),
  };
}

function describeOne(guard: JudgedGuard): Block[] {
  const { subject, place, condition, environment, authority, against, verdict, rows, reasons } = guard;
  const actors = Object.keys(rows[0]?.passages ?? {});
  const what = condition === '' ? `environment \`${environment ?? ''}\`` : `\`${condition}\``;
  return [
    {
      kind: 'text',
      text: `${place}: ${what} ${VERDICTS[against][verdict]}. Behind it: ${subject}, with ${authority}.`,
    },
    ...(rows.length === 0
      ? []
      : [
          {
            kind: 'table',
            head: ['event', ...actors.map((actor) => SHORT[actor] ?? actor)],
            rows: rows.map(({ event, passages }) => [
              event,
              ...actors.map((actor) => passages[actor] ?? 'no'),
            ]),
          } as const,
        ]),
    ...(reasons.length === 0
      ? []
      : [
          {
            kind: 'list',
            items: reasons.slice(0, REASONS_MAX).map(({ part, why }) => `\`${part}\`: ${why}`),
          } as const,
        ]),
  ];
}

/** The same condition before many jobs is one thing to understand. */
function distinct(guards: readonly JudgedGuard[]): readonly JudgedGuard[] {
  const keyOf = ({ condition, environment, verdict }: JudgedGuard) =>
    JSON.stringify([condition, environment, verdict]);
  return [...Map.groupBy(guards, keyOf).values()].flatMap(([first]) => first ?? []);
}

function describeKind(all: readonly JudgedGuard[], against: JudgedGuard['against']): Block[] {
  const guards = all.filter((each) => each.against === against);
  if (guards.length === 0) return [];
  const counts = ORDER.map((passage) => ({
    passage,
    count: guards.filter(({ verdict }) => verdict === passage).length,
  }));
  const kinds = distinct(guards);
  const shown = kinds.slice(0, SHOWN_MAX);
  const more = kinds.length - shown.length;
  return [
    { kind: 'heading', text: HEADINGS[against] },
    {
      kind: 'list',
      items: counts
        .filter(({ count }) => count > 0)
        .map(({ passage, count }) => `${plural(count, 'guard')}: ${VERDICTS[against][passage]}`),
    },
    ...shown.flatMap(describeOne),
    ...(more === 0
      ? []
      : [{ kind: 'text', text: `${plural(more, 'more kind')} with --format json.` } as const]),
  ];
}

function describe({ guards }: Guards): Block[] {
  if (guards.length > 0) return [...describeKind(guards, 'strangers'), ...describeKind(guards, 'developers')];
  return [
    {
      kind: 'text',
      text: 'No condition or environment stands between events of strangers and something with authority in workflows of GitHub, and no rules before something with authority in jobs of GitLab.',
    },
  ];
}

export const view = defineView<Guards>({
  id: 'guards',
  summary: 'which conditions, rules and environments stop whom, and why',
  description:
    'Each condition or environment before a job or step with authority (secrets, a token that can write), in workflows of GitHub that strangers start with full rights: who gets past it at which event, which part decides, and what that part is worth. A pull request that runs without secrets is left out: there is nothing to keep. Text that strangers choose is chosen so that a condition holds: a comment that has to begin with `/deploy` stops nobody.\n\n' +
    'For GitLab, where strangers get nothing of the project, the rules before jobs with credentials or a deployment: which of them let in what a developer pushed and nobody has reviewed, for merge requests, branches, tags, schedules and runs by hand.',
  build,
  describe,
});

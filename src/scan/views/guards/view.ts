import { plural } from '#findings/reporters/plain-text.ts';
import { type Block, defineView, type ViewInput } from '../../view.ts';
import { actors } from './actors.ts';
import { type JudgedGuard, judgeGuards, type Passage } from './judge-guards.ts';

interface Guards {
  readonly guards: readonly JudgedGuard[];
}

const SHOWN_MAX = 6;
const REASONS_MAX = 4;
const ORDER: readonly Passage[] = ['yes', 'maybe', 'waits', 'no'];
const VERDICTS: Readonly<Record<Passage, string>> = {
  yes: 'lets strangers through',
  maybe: 'may let strangers through',
  waits: 'lets strangers through once somebody said yes',
  no: 'keeps strangers out',
};

function build({ repositories }: ViewInput): Guards {
  const guards = repositories.flatMap(({ scan, prefix }) => judgeGuards(scan.repository, prefix));
  return {
    guards: guards.toSorted((left, right) => ORDER.indexOf(left.outsiders) - ORDER.indexOf(right.outsiders)),
  };
}

function describeOne(guard: JudgedGuard): Block[] {
  const { subject, place, condition, environment, authority, outsiders, rows, reasons } = guard;
  const what = condition === '' ? `environment \`${environment ?? ''}\`` : `\`${condition}\``;
  return [
    {
      kind: 'text',
      text: `${place}: ${what} ${VERDICTS[outsiders]}. Behind it: ${subject}, with ${authority}.`,
    },
    {
      kind: 'table',
      head: ['event', ...actors],
      rows: rows.map(({ event, passages }) => [event, ...actors.map((actor) => passages[actor])]),
    },
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
  const keyOf = ({ condition, environment, outsiders }: JudgedGuard) =>
    JSON.stringify([condition, environment, outsiders]);
  return [...Map.groupBy(guards, keyOf).values()].flatMap(([first]) => first ?? []);
}

function describe({ guards }: Guards): Block[] {
  if (guards.length === 0) {
    return [
      {
        kind: 'text',
        text: 'No condition or environment stands between events of strangers and something with authority, in workflows of GitHub.',
      },
    ];
  }
  const counts = ORDER.map((passage) => ({
    passage,
    count: guards.filter((each) => each.outsiders === passage).length,
  }));
  const kinds = distinct(guards);
  const shown = kinds.slice(0, SHOWN_MAX);
  const more = kinds.length - shown.length;
  return [
    { kind: 'heading', text: 'Conditions between strangers and authority' },
    {
      kind: 'list',
      items: counts
        .filter(({ count }) => count > 0)
        .map(({ passage, count }) => `${plural(count, 'guard')}: ${VERDICTS[passage]}`),
    },
    ...shown.flatMap(describeOne),
    ...(more === 0
      ? []
      : [{ kind: 'text', text: `${plural(more, 'more kind')} with --format json.` } as const]),
  ];
}

export const view = defineView<Guards>({
  id: 'guards',
  summary: 'which conditions, labels and environments stop strangers, and why',
  description:
    'Each condition or environment before a job or step with authority (secrets, a token that can write), in workflows of GitHub that strangers start with full rights: who gets past it at which event, which part decides, and what that part is worth. A pull request that runs without secrets is left out: there is nothing to keep.',
  build,
  describe,
});

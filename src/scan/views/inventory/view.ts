import { plural } from '#findings/reporters/plain-text.ts';
import { type Block, defineView, type ViewInput } from '../../view.ts';
import { describeAuthority } from './authority.ts';
import { collectParties } from './collect-parties.ts';
import { openMirror } from './mirror.ts';
import { readOsv } from './osv.ts';
import type { Mark, Party } from './party.ts';
import { type Patch, pinAll } from './pin-patches.ts';

interface Inventory {
  /** The riskiest first. */
  readonly parties: readonly Party[];
  /** Advisories that were read with `--with osv=…`; undefined without it. */
  readonly osv?: { readonly advisories: number; readonly unreadable: number };
  /** Whether `--with mirror=…` was there to tell impostors. */
  readonly mirror: boolean;
  /** Definitions with their actions pinned, as far as the mirror knows their commits. */
  readonly pinned: readonly Patch[];
}

const ROWS_MAX = 15;
const MARKS_MAX = 15;
const OWNERS_MAX = 8;

function build({ repositories, inputs, asOfMs }: ViewInput): Inventory {
  const { osv: osvFolder, mirror: mirrorFolder } = inputs;
  const osv = osvFolder === undefined ? undefined : readOsv(osvFolder);
  const mirror = mirrorFolder === undefined ? undefined : openMirror(mirrorFolder);
  return {
    parties: collectParties(repositories, { osv, mirror }),
    ...(osv === undefined ? {} : { osv: { advisories: osv.advisories, unreadable: osv.unreadable } }),
    mirror: mirror !== undefined,
    pinned: mirror === undefined ? [] : pinAll(repositories, mirror, asOfMs),
  };
}

function describeVersions({ versions }: Party): string {
  const [first] = versions;
  if (first === undefined) return '';
  const { version, pin, immutable } = first;
  const shown = pin === 'commit' ? (version ?? '').slice(0, 7) : (version ?? 'newest').slice(0, 18);
  const moves = immutable ? 'fixed' : pin === 'none' ? 'moves' : pin;
  const label =
    pin === 'digest' ? 'digest' : pin === 'none' && version === undefined ? 'newest' : `${shown} (${moves})`;
  return versions.length === 1 ? label : `${label} and ${versions.length - 1} more`;
}

const NAME_CHARACTERS_MAX = 44;

/** What a reader knows it by: the end of a long path, the file of a workflow. */
function shorten({ kind, name }: Party): string {
  const bare = name.replace('/.github/workflows/', ' ');
  const label = kind === 'action' ? bare : `${kind} ${bare}`;
  if (label.length <= NAME_CHARACTERS_MAX) return label;
  const end = bare.slice(-(NAME_CHARACTERS_MAX - kind.length - 3));
  const at = end.indexOf('/');
  return `${kind} …${at === -1 || at > NAME_CHARACTERS_MAX / 2 ? end : end.slice(at)}`;
}

/** One line for all of a kind that is known about one party. */
function describeMark(party: Party, marks: readonly Mark[]): string {
  const [first] = marks;
  if (first === undefined) return '';
  const uses = new Set(marks.flatMap(({ places }) => places)).size;
  const elsewhere = first.uses > 1 ? ` and ${first.uses - 1} more` : uses > 1 ? ' and elsewhere' : '';
  const more = marks.length > 1 ? ` (and ${marks.length - 1} more like it)` : '';
  return `${first.kind}: \`${party.name}\` at \`${first.places[0] ?? ''}\`${elsewhere}: ${first.what}${more}`;
}

function describeMarks(parties: readonly Party[]): Block[] {
  const lines = parties.flatMap((party) =>
    [...Map.groupBy(party.marks, ({ kind }) => kind).values()].map((marks) => describeMark(party, marks)),
  );
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MARKS_MAX);
  const rest = lines.length - shown.length;
  return [
    { kind: 'heading', text: 'What is known against them' },
    { kind: 'list', items: rest > 0 ? [...shown, `${rest} more in \`--format json\`.`] : shown },
  ];
}

function describeRisk(parties: readonly Party[]): Block[] {
  const others = parties.filter(({ origin }) => origin === 'third-party');
  const shown = others.slice(0, ROWS_MAX);
  if (shown.length === 0) return [];
  return [
    { kind: 'heading', text: 'Whom these pipelines trust most' },
    {
      kind: 'table',
      head: ['third party', 'version', 'uses', 'holds'],
      rows: shown.map((party) => [
        shorten(party),
        describeVersions(party),
        String(party.uses),
        describeAuthority(party.authority) || '-',
      ]),
    },
    ...(others.length > shown.length
      ? [
          {
            kind: 'text',
            text: `${others.length - shown.length} more that hold less or cannot move are in \`--format json\`.`,
          } as const,
        ]
      : []),
  ];
}

function describeOwners(parties: readonly Party[]): Block[] {
  const owners = Map.groupBy(
    parties.filter(({ origin, kind }) => origin === 'third-party' && kind !== 'tool'),
    ({ owner }) => owner,
  );
  if (owners.size < 3) return [];
  const ranked = [...owners].toSorted(
    ([, left], [, right]) => right.length - left.length || (right[0]?.risk ?? 0) - (left[0]?.risk ?? 0),
  );
  const shown = ranked.slice(0, OWNERS_MAX).map(([owner, own]) => `${owner} (${own.length})`);
  const more = owners.size - shown.length;
  return [
    {
      kind: 'text',
      text: `${owners.size} owners stand behind actions, images and templates: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    },
  ];
}

function describeCounts(parties: readonly Party[]): string {
  const kinds = [...Map.groupBy(parties, ({ kind }) => kind)].toSorted(
    ([, left], [, right]) => right.length - left.length,
  );
  const counts = kinds.map(([kind, own]) => plural(own.length, kind)).join(', ');
  const moving = parties.filter(({ versions }) =>
    versions.some(({ pin, immutable }) => !immutable && pin !== 'commit' && pin !== 'digest'),
  );
  return `${plural(parties.length, 'third party', 'third parties')}: ${counts}. The owner of ${moving.length} can change what runs without a change here.`;
}

function describeSources({ osv, mirror, pinned }: Inventory): string {
  const known =
    osv === undefined
      ? 'Vulnerabilities come from the scanner’s own tables; `--with osv=PATH` reads advisories in the OSV format.'
      : `${plural(osv.advisories, 'advisory', 'advisories')} read${osv.unreadable > 0 ? `, ${plural(osv.unreadable, 'file')} left out` : ''}.`;
  if (!mirror)
    return `${known} Whether a commit belongs to its repository or to a fork is unknown offline; \`--with mirror=FOLDER\` with git repositories (owner/name) tells, and knows the commits for pins.`;
  return `${known} ${pinned.length === 0 ? 'The mirror knows no commit for what is not pinned.' : `\`--write FOLDER\` writes ${plural(pinned.length, 'definition')} with actions pinned.`}`;
}

function describe(inventory: Inventory): Block[] {
  const { parties } = inventory;
  if (parties.length === 0)
    return [{ kind: 'text', text: 'These pipelines take nothing from anybody else.' }];
  return [
    { kind: 'text', text: describeCounts(parties) },
    ...describeMarks(parties),
    ...describeRisk(parties),
    ...describeOwners(parties),
    { kind: 'text', text: describeSources(inventory) },
  ];
}

export const view = defineView<Inventory>({
  id: 'inventory',
  summary: 'what comes from third parties, who owns it, and what it can reach',
  description:
    'Lists every action, reusable workflow, orb, image, template, task, plugin, library and downloaded tool of the pipelines: owner, version, how firmly it is pinned, how often and where it is used, what is known against it (compromised, vulnerable, archived, a name that imitates another), and what the jobs that run it hold: secrets, what their token can write, identity tokens, machines of one’s own. Sorted by risk: what is known, then how freely its owner can change it times what it holds.\n\n' +
    'Versions are compared strictly: a tag like `v4` that its owner moves along stands for the newest 4. A commit counts as the version in the comment behind it.',
  inputs: {
    osv: 'a folder or zip archive of advisories in the OSV format, one a JSON file (GitHub Actions, npm, PyPI, Go, crates.io, RubyGems, NuGet)',
    mirror:
      'a folder with git repositories of third parties (`owner/name`), to find impostor commits and to pin',
  },
  build,
  describe,
  patches: ({ pinned }) => pinned,
});

import { plural } from '#findings/reporters/plain-text.ts';
import type { Block } from '../../view.ts';
import { describeAuthority } from './authority.ts';
import type { Inventory, OsvReport } from './inventory.ts';
import type { Mark, Party } from './party.ts';
import type { Update } from './updates/update.ts';

const ROWS_MAX = 15;
const MARKS_MAX = 15;
const OWNERS_MAX = 8;

const UPDATES_MAX = 10;
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

const NAME_CHARACTERS_MAX = 60;

/** What a reader knows it by: the end of a long path, the file of a workflow. */
function shorten({ kind, name }: Party): { readonly kind: string; readonly name: string } {
  const bare = name.replace('/.github/workflows/', ' ');
  const label = kind === 'action' ? '' : `${kind} `;
  if (bare.length <= NAME_CHARACTERS_MAX) return { kind: label, name: bare };
  const end = bare.slice(-NAME_CHARACTERS_MAX);
  const at = end.indexOf('/');
  return { kind: label, name: `…${at === -1 || at > NAME_CHARACTERS_MAX / 2 ? end : end.slice(at)}` };
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

/** `google-github-actions/auth` 7c6bc77 (commit), 2 uses; holds GCP_KEY. */
function describeHolder(party: Party): string {
  const { kind, name } = shorten(party);
  const uses = party.uses === 1 ? '' : `, ${party.uses} uses`;
  const holds = describeAuthority(party.authority);
  return `${kind}\`${name}\` ${describeVersions(party)}${uses}${holds === '' ? '' : `; holds ${holds}`}`;
}

function describeRisk(parties: readonly Party[]): Block[] {
  const others = parties.filter(({ origin }) => origin === 'third-party');
  const shown = others.slice(0, ROWS_MAX);
  if (shown.length === 0) return [];
  return [
    { kind: 'heading', text: 'Whom these pipelines trust most' },
    { kind: 'list', items: shown.map(describeHolder) },
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

function describeUpdate({ name, place, from, to, closes, todo }: Update): string {
  const ids =
    closes.length === 0
      ? ''
      : `, for ${closes.slice(0, 2).join(', ')}${closes.length > 2 ? ` and ${closes.length - 2} more` : ''}`;
  const step = to === undefined ? from : `${from} → ${to}`;
  return `\`${name}\` at \`${place}\`: ${step}${ids}${todo === undefined ? '' : `. By hand: ${todo}`}`;
}

function describeUpdates(updates: readonly Update[]): Block[] {
  if (updates.length === 0) return [];
  const written = updates.filter(({ todo }) => todo === undefined);
  const ordered = [...written, ...updates.filter(({ todo }) => todo !== undefined)];
  const items = ordered.slice(0, UPDATES_MAX).map(describeUpdate);
  const more = ordered.length - items.length;
  return [
    { kind: 'heading', text: 'The smallest way out' },
    { kind: 'list', items: more > 0 ? [...items, `${more} more in \`--format json\`.`] : items },
  ];
}

function describeAnswer({ packages = 0, advisories, missing }: OsvReport): string {
  const found = `${plural(advisories, 'advisory', 'advisories')} about ${plural(packages, 'package')} came from OSV.`;
  if (missing === undefined) return found;
  return advisories === 0
    ? `OSV was not heard (${missing}): whether what is used here has known vulnerabilities is not known beyond the scanner’s own tables.`
    : `${found} That is not all (${missing}): what is not marked above may have known vulnerabilities nevertheless.`;
}

function describeAdvisories({ osv }: Inventory): string {
  if (osv === undefined)
    return 'Vulnerabilities come from the scanner’s own tables; `--with osv=PATH` reads advisories in the OSV format, `--with osv=api` asks for them.';
  if (osv.from === 'api') return describeAnswer(osv);
  return `${plural(osv.advisories, 'advisory', 'advisories')} read${osv.unreadable > 0 ? `, ${plural(osv.unreadable, 'file')} left out` : ''}.`;
}

function describeSources(inventory: Inventory): string {
  const { mirror, patches, github } = inventory;
  // What was not heard stands at the top.
  const known = inventory.osv?.missing === undefined ? `${describeAdvisories(inventory)} ` : '';
  const archived =
    github === undefined
      ? ''
      : `GitHub’s answers about ${plural(github, 'repository', 'repositories')} tell which are archived. `;
  const files = `\`--write FOLDER\` writes ${plural(patches.length, 'definition')} with that done`;
  if (!mirror)
    return `${known}${archived}Whether a commit belongs to its repository or to a fork is unknown offline; \`--with mirror=FOLDER\` with git repositories (owner/name) tells, and knows the commits for pins.${patches.length === 0 ? '' : ` ${files}.`}`;
  return `${known}${archived}${patches.length === 0 ? 'The mirror knows no commit for what is not pinned.' : `${files}, and with actions pinned.`}`;
}

export function describe(inventory: Inventory): Block[] {
  const { parties } = inventory;
  if (parties.length === 0)
    return [{ kind: 'text', text: 'These pipelines take nothing from anybody else.' }];
  return [
    { kind: 'text', text: describeCounts(parties) },
    ...(inventory.osv?.missing === undefined
      ? []
      : [{ kind: 'text', text: describeAdvisories(inventory) } as const]),
    ...describeMarks(parties),
    ...describeUpdates(inventory.updates),
    ...describeRisk(parties),
    ...describeOwners(parties),
    { kind: 'text', text: describeSources(inventory) },
  ];
}

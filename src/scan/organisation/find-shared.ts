import type { CrossLinks } from './cross-requests.ts';
import { compareOrganisationFindings, listNames, type OrganisationFinding } from './organisation-finding.ts';
import type { OrganisationRecord, RepositoryLinks, SharedUse } from './record.ts';

/** An organisation acts on the first ones; the rest waits in the reports. */
const FINDINGS_MAX = 25;

interface Owned {
  readonly repository: string;
  readonly use: SharedUse;
}

type Shares = Exclude<keyof RepositoryLinks, 'calls'>;

function groupBy(
  records: readonly OrganisationRecord[],
  kind: Shares,
  keyOf: (use: SharedUse, record: OrganisationRecord) => string,
): Map<string, Owned[]> {
  const groups = new Map<string, Owned[]>();
  for (const record of records) {
    for (const use of record.links[kind]) {
      const key = keyOf(use, record);
      const group = groups.get(key);
      const owned = { repository: record.name, use };
      if (group === undefined) groups.set(key, [owned]);
      else group.push(owned);
    }
  }
  return groups;
}

const byName = ({ name }: SharedUse): string => name;

/** Secrets and machines are shared inside of one organisation, and a folder may hold clones of several. */
function byOwner({ name }: SharedUse, { address = '' }: OrganisationRecord): string {
  return `${address.split('/', 1)[0] ?? ''}\0${name}`;
}

function repositoriesOf(owned: readonly Owned[]): string[] {
  return [...new Set(owned.map(({ repository }) => repository))].sort();
}

/** Where something is exposed, and the other repositories that use it. */
function split(owned: readonly Owned[]): { from: string[]; to: string[]; production: boolean } {
  const from = repositoriesOf(owned.filter(({ use }) => use.exposed));
  const others = owned.filter(({ repository }) => !from.includes(repository));
  return { from, to: repositoriesOf(others), production: others.some(({ use }) => use.production) };
}

/** The same name may be two secrets: a file does not say whose it is. */
function judgeSecret(
  owned: readonly Owned[],
  organisationSecrets: ReadonlySet<string> | undefined,
): OrganisationFinding[] {
  const { from, to, production } = split(owned);
  const name = owned[0]?.use.name ?? '';
  if (from.length === 0 || to.length === 0) return [];
  if (organisationSecrets !== undefined && !organisationSecrets.has(name.toUpperCase())) return [];
  const sure = organisationSecrets !== undefined;
  return [
    {
      kind: 'shared-secret',
      severity: production ? (sure ? 'critical' : 'high') : sure ? 'high' : 'medium',
      message: `the secret \`${name}\` can be got at in ${listNames(from)}, and ${listNames(to)} use${to.length === 1 ? 's' : ''} a secret of the same name${sure ? ': it is one of the organisation' : ''}`,
      why: sure
        ? 'An organisation’s secret is as safe as the weakest repository that may read it.'
        : 'If it is one secret of the organisation, it is as safe as the weakest repository that may read it. The files do not say whether it is.',
      remedy: `Mend the way to it in ${listNames(from)}, rotate \`${name}\`, and give production a value of its own that stands in an environment with reviewers.`,
      from,
      to,
    },
  ];
}

function judgeRunner(owned: readonly Owned[]): OrganisationFinding[] {
  const { from, to, production } = split(owned);
  const label = owned[0]?.use.name ?? '';
  if (from.length === 0 || to.length === 0) return [];
  return [
    {
      kind: 'shared-runner',
      severity: production ? 'high' : 'medium',
      message: `runners labelled \`${label}\` run code of outsiders in ${listNames(from)} and jobs of ${listNames(to)}`,
      why: 'Code that stays behind on a machine of your own sees the next job: its token, its secrets, what it builds.',
      remedy:
        'Give jobs that outsiders can start a runner group of their own with ephemeral machines, and restrict the other group to the repositories that deploy.',
      from,
      to,
    },
  ];
}

function judgeImage(name: string, pushed: readonly Owned[], pulled: readonly Owned[]): OrganisationFinding[] {
  const from = repositoriesOf(pushed.filter(({ use }) => use.exposed));
  const readers = pulled.filter(({ repository }) => !from.includes(repository));
  const to = repositoriesOf(readers);
  if (from.length === 0 || to.length === 0) return [];
  return [
    {
      kind: 'shared-image',
      severity: readers.some(({ use }) => use.production) ? 'critical' : 'high',
      message: `${listNames(from)} can be made to push the image \`${name}\`, which jobs of ${listNames(to)} run in or pull`,
      why: 'Whoever takes over the pipeline that pushes an image runs in every job that pulls it.',
      remedy: `Mend ${listNames(from)}, pin the image by its digest where it is pulled, and verify its provenance.`,
      from,
      to,
    },
  ];
}

/** A workflow or an action that many call by a name that moves, in a repository that can be taken over. */
function judgeCallee(record: OrganisationRecord, links: CrossLinks): OrganisationFinding[] {
  const floating = links.callersOf(record.name).filter(({ call }) => call.floating);
  if (record.attacks === 0 || floating.length === 0) return [];
  const to = [...new Set(floating.map(({ name }) => name))].sort();
  const worst = record.worst[0];
  return [
    {
      kind: 'shared-workflow',
      severity: to.length > 1 ? 'high' : 'medium',
      message: `${listNames(to)} run what \`${record.name}\` holds under a name that moves, and ${record.attacks === 1 ? 'an attack is' : `${record.attacks} attacks are`} open there`,
      why: `Whoever can write to \`${record.name}\` runs code in every repository that calls it${worst === undefined ? '' : `; there: ${worst.message}`}.`,
      remedy: `Mend \`${record.name}\` first (protect its branches and tags), and let the callers name a commit.`,
      from: [record.name],
      to,
    },
  ];
}

export interface SharedFindings {
  readonly findings: readonly OrganisationFinding[];
  readonly left: number;
}

/**
 * What the repositories of a set do to one another, the worst first. `organisationSecrets` are names in upper case,
 * where the platform was asked.
 */
export function findShared(
  records: readonly OrganisationRecord[],
  links: CrossLinks,
  settings: readonly OrganisationFinding[] = [],
  organisationSecrets?: ReadonlySet<string>,
): SharedFindings {
  const pulls = groupBy(records, 'pulls', byName);
  const secrets = [...groupBy(records, 'secrets', byOwner).values()];
  const runners = [...groupBy(records, 'runners', byOwner).values()];
  const pushes = [...groupBy(records, 'pushes', byName)];
  const all = [
    ...settings,
    ...secrets.flatMap((owned) => judgeSecret(owned, organisationSecrets)),
    ...runners.flatMap(judgeRunner),
    ...pushes.flatMap(([name, owned]) => judgeImage(name, owned, pulls.get(name) ?? [])),
    ...records.flatMap((record) => judgeCallee(record, links)),
  ].sort(compareOrganisationFindings);
  return { findings: all.slice(0, FINDINGS_MAX), left: Math.max(0, all.length - FINDINGS_MAX) };
}

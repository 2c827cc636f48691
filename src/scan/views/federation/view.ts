import { type Block, defineView } from '../../view.ts';
import { describeBinding } from './bind/subjects.ts';
import { buildFederation } from './build.ts';
import type { FederationEntry, FederationResult } from './result.ts';
import type { ListedTrust } from './trust/list-trust.ts';

const ROWS_MAX = 15;
const NAMES_MAX = 5;

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Jobs that outsiders start come first, then those that a patch can mend. */
function byUrgency(left: FederationEntry, right: FederationEntry): number {
  const worth = ({ binding, direct, brokered }: FederationEntry): number =>
    (binding.warnings.some((warning) => warning.includes('outsiders')) ? 4 : 0) +
    (direct.patch === undefined ? 0 : 2) +
    (brokered.patch === undefined ? 0 : 1);
  return worth(right) - worth(left);
}

function summaryBlocks(credentials: readonly FederationEntry[]): Block[] {
  const kinds = [...Map.groupBy(credentials, ({ kindName }) => kindName)].toSorted(
    (left, right) => right[1].length - left[1].length,
  );
  const rows = kinds.map(([name, each]) => [
    name,
    String(new Set(each.flatMap(({ secrets }) => secrets)).size),
    String(each.length),
    String(each.filter(({ direct }) => direct.patch !== undefined).length),
    String(each.filter(({ brokered }) => brokered.patch !== undefined).length),
  ]);
  return [{ kind: 'table', head: ['opens', 'values', 'jobs', 'direct patch', 'Vouchgate patch'], rows }];
}

const nameFile = (file: string): string => file.replace(/^(.*\/)?\.github\/workflows\//, '$1');

function entryRow({ file, line, job, kindName, binding, direct, brokered }: FederationEntry): string[] {
  const patches = [
    direct.patch === undefined ? '' : 'direct',
    brokered.patch === undefined ? '' : 'Vouchgate',
  ];
  return [
    `${nameFile(file)}:${line}`,
    job,
    kindName,
    describeBinding(binding),
    patches.filter((each) => each !== '').join(', ') || 'by hand',
  ];
}

function entryBlocks(credentials: readonly FederationEntry[]): Block[] {
  const ordered = credentials.toSorted(byUrgency);
  const more = ordered.length - ROWS_MAX;
  return [
    { kind: 'heading', text: 'Where' },
    {
      kind: 'table',
      head: ['place', 'job', 'opens', 'bound to', 'patch'],
      rows: ordered.slice(0, ROWS_MAX).map(entryRow),
    },
    ...(more > 0
      ? [{ kind: 'text' as const, text: `… and ${more} more; \`--format json\` has them all.` }]
      : []),
  ];
}

/** A reason or warning once, with how many jobs it is about. */
function grouped(texts: readonly (readonly [text: string, job: string])[]): string[] {
  return [...Map.groupBy(texts, ([text]) => text)]
    .toSorted((left, right) => right[1].length - left[1].length)
    .slice(0, ROWS_MAX)
    .map(([text, each]) => {
      const jobs = [...new Set(each.map(([, job]) => `\`${job}\``))];
      const named = jobs.slice(0, NAMES_MAX).join(', ');
      return `${named}${jobs.length > NAMES_MAX ? ` and ${jobs.length - NAMES_MAX} more` : ''}: ${text}`;
    });
}

function warningBlocks(credentials: readonly FederationEntry[]): Block[] {
  const items = grouped(
    credentials.flatMap(({ binding, job }) => binding.warnings.map((each) => [each, job] as const)),
  );
  return items.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Look first' },
        { kind: 'list', items },
      ];
}

function handBlocks(credentials: readonly FederationEntry[]): Block[] {
  const left = credentials.filter(
    ({ direct, brokered }) => direct.patch === undefined && brokered.patch === undefined,
  );
  const items = grouped(left.map(({ brokered, job }) => [brokered.reason ?? 'not patched', job] as const));
  return items.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Left to you' },
        { kind: 'list', items },
      ];
}

const OPEN: readonly ListedTrust['openness'][] = [
  'anyone',
  'owner',
  'repository',
  'branch',
  'pull-request',
  'pattern',
];

function trustBlocks(trust: readonly ListedTrust[]): Block[] {
  if (trust.length === 0) return [];
  const open = trust.filter(({ openness }) => OPEN.includes(openness));
  const items = open
    .toSorted((left, right) => OPEN.indexOf(left.openness) - OPEN.indexOf(right.openness))
    .slice(0, ROWS_MAX)
    .map(({ name, file, line, takenBy, reachedBy }) => {
      const reach = reachedBy.length === 0 ? '' : `. Here: ${reachedBy.slice(0, NAMES_MAX).join('; ')}`;
      const more = reachedBy.length > NAMES_MAX ? ` and ${reachedBy.length - NAMES_MAX} more` : '';
      return `\`${name}\` (${file}:${line}) can be taken by ${takenBy}${reach}${more}`;
    });
  const rest = trust.length - open.length;
  return [
    { kind: 'heading', text: 'Trust that is there already' },
    ...(items.length === 0 ? [] : [{ kind: 'list' as const, items }]),
    ...(open.length > ROWS_MAX
      ? [{ kind: 'text' as const, text: `… and ${open.length - ROWS_MAX} more that are open.` }]
      : []),
    ...(rest === 0
      ? []
      : [
          {
            kind: 'text' as const,
            text: `${count(rest, 'other names its subject', 'others name their subjects')} in full.`,
          },
        ]),
  ];
}

function describe({ credentials, trust, files }: FederationResult): Block[] {
  const head: Block = { kind: 'heading', text: 'From stored credentials to identities' };
  if (credentials.length === 0) {
    return [
      head,
      { kind: 'text', text: 'No pipeline uses a stored credential that is known here.' },
      ...trustBlocks(trust),
    ];
  }
  const places = new Set(credentials.map(({ file }) => file)).size;
  return [
    head,
    {
      kind: 'text',
      text: `${count(credentials.length, 'job uses', 'uses by jobs of')} a stored credential in ${count(places, 'file', 'files')}. \`--write FOLDER\` writes ${count(files.length, 'file', 'files')}: patches, Terraform, Vouchgate’s configuration and policies, and the steps in README.md.`,
    },
    ...summaryBlocks(credentials),
    ...entryBlocks(credentials),
    ...warningBlocks(credentials),
    ...handBlocks(credentials),
    ...trustBlocks(trust),
  ];
}

export const view = defineView<FederationResult>({
  id: 'federation',
  summary: 'which stored credentials can become identities, as patches with the other side',
  description:
    'Finds the credentials that pipelines take out of a store (clouds, vaults, clusters, registries, tokens, databases, language models) and writes what takes their place: the patch of the pipeline, and what the other side has to be told: a trust policy of the cloud as Terraform and commands, a trusted publisher, or a resource and a policy of Vouchgate.\n\nEach job is bound to its environment, else to a branch; never to a pattern. Patches are read again before they are shown: a credential that would still be read somewhere is left to you, with the reason. Roles in the repository’s own Terraform, templates and policies are read together with the jobs that can take them.',
  inputs: {
    identity:
      'JSON with what a checkout does not say: `host`, `owner`, `name`, `ownerId`, `repositoryId`, `defaultBranch`',
  },
  build: buildFederation,
  describe,
  patches: ({ files }) => files,
});

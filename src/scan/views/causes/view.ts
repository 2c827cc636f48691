import { severities, type Severity } from '#findings/severity.ts';
import { plural } from '#findings/reporters/plain-text.ts';
import { prefixFinding } from '../../prefix-finding.ts';
import { type Block, defineView, type ViewInput } from '../../view.ts';
import { type Change, changesOf, costs } from './attack-changes.ts';
import { chooseChanges } from './cheapest-changes.ts';
import { type Cause, groupByCause } from './group-by-cause.ts';

/** A change, and what it puts an end to. */
export interface RankedChange extends Omit<Change, 'id'> {
  /** Fingerprints of attacks that this change alone ends. */
  readonly closes: readonly string[];
}

export interface Causes {
  readonly attacks: number;
  /** Changes that end all of them together, at the least cost. */
  readonly changes: readonly RankedChange[];
  /** False when there were too many to be sure that nothing is cheaper. */
  readonly exact: boolean;
  /** Findings with one cause each, the largest first. */
  readonly groups: readonly Cause[];
}

const CAUSES_SHOWN_MAX = 15;

function build({ repositories }: ViewInput): Causes {
  const findings = repositories.flatMap(({ scan, prefix }) =>
    scan.findings
      .filter(({ persona, suppression }) => persona === 'regular' && suppression === undefined)
      .map((finding) => prefixFinding(finding, prefix)),
  );
  const ways = findings.flatMap((finding) => {
    const changes = changesOf(finding);
    return changes.length === 0 ? [] : [{ finding, changes }];
  });
  const chosen = chooseChanges(ways.map(({ changes }) => changes));
  const known = new Map(ways.flatMap(({ changes }) => changes.map((each) => [each.id, each] as const)));
  const changes = chosen.ids.flatMap((id): RankedChange[] => {
    const change = known.get(id);
    if (change === undefined) return [];
    const closed = ways.filter((way) => way.changes.some((each) => each.id === id));
    const { id: _, ...rest } = change;
    return [{ ...rest, closes: closed.map(({ finding }) => finding.fingerprint) }];
  });
  return { attacks: ways.length, changes, exact: chosen.exact, groups: groupByCause(findings) };
}

function describeChanges({ attacks, changes, exact }: Causes): Block[] {
  if (attacks === 0) return [{ kind: 'text', text: 'No way was found by which an outsider comes in.' }];
  const least = exact ? 'The cheapest' : 'A cheap';
  return [
    {
      kind: 'text',
      text: `${least} set of changes that ends ${attacks === 1 ? 'the one attack' : `all ${attacks} attacks`}:`,
    },
    {
      kind: 'list',
      items: changes.map(({ closes, file, line, what, fix }) => {
        const change = fix === undefined ? what : `${what} (${fix})`;
        return `ends ${plural(closes.length, 'attack')}, at ${file}:${line}: ${change}`;
      }),
    },
  ];
}

function worst(severity: Severity): number {
  return severities.indexOf(severity);
}

function describe(causes: Causes): Block[] {
  const many = causes.groups.filter(({ places }) => places.length > 1);
  const shown = many
    .toSorted(
      (left, right) =>
        worst(right.severity) - worst(left.severity) || right.places.length - left.places.length,
    )
    .slice(0, CAUSES_SHOWN_MAX);
  const blocks: Block[] = [{ kind: 'heading', text: 'Ways into the project' }, ...describeChanges(causes)];
  if (shown.length === 0) return blocks;
  blocks.push({ kind: 'heading', text: 'One cause, many findings' });
  blocks.push({
    kind: 'table',
    head: ['findings', 'worst', 'rule', 'cause'],
    rows: shown.map(({ places, severity, ruleId, what }) => [String(places.length), severity, ruleId, what]),
  });
  if (many.length > shown.length)
    blocks.push({ kind: 'text', text: `${many.length - shown.length} more with --format json.` });
  return blocks;
}

export const view = defineView<Causes>({
  id: 'causes',
  summary: 'the fewest changes that end all attacks, and findings by what causes them',
  description:
    'Each attack is a way from an outsider to something of the project, and several changes end it: mending the place, closing the trigger, taking the authority away. This is the cheapest set that ends all of them ' +
    `(costs: ${costs.fixed} for a fix that is made by itself, ${costs.mended} for one by hand, ${costs.trigger} for a trigger, ${costs.authority} for authority).`,
  build,
  describe,
});

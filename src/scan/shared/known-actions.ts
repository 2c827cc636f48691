import type { ActionUse } from '#pipeline/model.ts';
import { versionOf } from './action-versions.ts';
import { KNOWN_ACTION_ROWS } from './known-action-rows.ts';

interface KnownInput {
  /** As the action writes it; names compare without case. */
  readonly name: string;
  readonly required: boolean;
  readonly deprecated: boolean;
}

/** One major version of an action whose metadata is part of the scanner. */
export interface KnownAction {
  readonly name: string;
  readonly major: number;
  readonly runtime: string;
  readonly inputs: readonly KnownInput[];
  readonly outputs: readonly string[];
}

function readInput(word: string): KnownInput {
  const name = word.replace(/[!~]$/, '');
  return { name, required: word.endsWith('!'), deprecated: word.endsWith('~') };
}

function readRows(name: string, rows: readonly string[]): KnownAction[] {
  const actions: KnownAction[] = [];
  for (const row of rows) {
    const [head = '', inputs = '', outputs = ''] = row.split('|').map((part) => part.trim());
    const [major = '', runtime = ''] = head.split(' ');
    const before = actions.at(-1);
    actions.push({
      name,
      major: Number(major),
      runtime,
      inputs: inputs === '=' ? (before?.inputs ?? []) : inputs.split(' ').filter(Boolean).map(readInput),
      outputs: outputs === '=' ? (before?.outputs ?? []) : outputs.split(' ').filter(Boolean),
    });
  }
  return actions;
}

const KNOWN_ACTIONS: ReadonlyMap<string, readonly KnownAction[]> = new Map(
  Object.entries(KNOWN_ACTION_ROWS).map(([name, rows]) => [name, readRows(name, rows)]),
);

/** `release/v1` and its like: branches that stand for a major version. */
const MAJOR_BRANCH = /^(?:release|releases)\/v(\d{1,3})$/;

/** What is known of the action that a step uses, in the major version that it names. */
export function knownActionOf({ text, reference }: ActionUse): KnownAction | undefined {
  if (reference.kind !== 'repository') return undefined;
  const name = reference.path === '' ? reference.repository : `${reference.repository}/${reference.path}`;
  const versions = KNOWN_ACTIONS.get(name.toLowerCase());
  if (versions === undefined) return undefined;
  const branch = MAJOR_BRANCH.exec(reference.ref ?? '')?.[1];
  const major = branch === undefined ? versionOf(text, reference)?.[0] : Number(branch);
  return versions.find((each) => each.major === major);
}

import type { Event } from '#api/event.ts';
import type { Receipt } from '#api/log.ts';
import { areEqual, toBase64, utf8 } from './bytes.ts';
import { commitment, isSame, type JsonObject, openedEvent, parseEntry, parseObject } from './entry.ts';
import { computeRoot, hashLeaf, type InclusionProof, parseInclusionProof } from './inclusion-proof.ts';
import { confirm } from './signed-note.ts';
import type { VerifierKey } from './verifier-key.ts';

/** `unchecked`: nothing speaks against it, and nothing was proved. */
export type StepState = 'passed' | 'failed' | 'unchecked';

/** One thing that was checked, and with which values. */
export interface Step {
  readonly id: 'format' | 'checkpoint' | 'witnesses' | 'inclusion' | 'event' | 'personal' | 'shown';
  readonly title: string;
  readonly state: StepState;
  /** Why it failed, or what it means. */
  readonly text: string;
  readonly values: readonly (readonly [name: string, value: string])[];
}

export interface ReceiptTrust {
  readonly log: VerifierKey;
  readonly witnesses: readonly VerifierKey[];
  /** How many of the witnesses must have cosigned. */
  readonly quorum: number;
}

export interface ReceiptVerdict {
  /** True when nothing failed, and the signature, the proof and the event were checked. */
  readonly holds: boolean;
  readonly steps: readonly Step[];
  /** The event that is proved; undefined when it cannot be read. */
  readonly event: JsonObject | undefined;
}

/**
 * Checks a receipt with nothing but keys: what the server says is compared, never believed. Goes on after a failure, so
 * that everything that is wrong is shown.
 */
export async function verifyReceipt(
  receipt: Receipt,
  trust: ReceiptTrust,
  shown: Event | undefined,
): Promise<ReceiptVerdict> {
  const proof = parseInclusionProof(receipt.proof);
  const opening = await checkOpening(receipt, shown);
  const steps =
    proof === undefined
      ? [unreadable(), ...opening.steps]
      : [
          readable(proof, receipt),
          await checkCheckpoint(proof, trust.log),
          await checkWitnesses(proof, trust),
          await checkInclusion(proof, receipt.entry),
          ...opening.steps,
        ];
  const holds = steps.every(({ state }) => state !== 'failed');
  return { holds, steps, event: opening.event };
}

function unreadable(): Step {
  const text = 'The proof is not a C2SP tlog-proof with a signed checkpoint.';
  return { id: 'format', title: 'The receipt can be read', state: 'failed', text, values: [] };
}

function readable({ index, size, hashes, origin }: InclusionProof, receipt: Receipt): Step {
  const fits = index === receipt.index;
  return {
    id: 'format',
    title: 'The receipt can be read',
    state: fits ? 'passed' : 'failed',
    text: fits
      ? 'It proves one place in one log.'
      : 'The place in the proof is another one than the receipt names.',
    values: [
      ['Log', origin],
      ['Entry', `${index} of ${size}`],
      ['Hashes on the path', String(hashes.length)],
    ],
  };
}

async function checkCheckpoint(
  { note, origin, size, root }: InclusionProof,
  key: VerifierKey,
): Promise<Step> {
  const confirmation = await confirm(note, key);
  const signed = confirmation.state === 'signed' && origin === key.name;
  const why = {
    signed: 'The checkpoint belongs to another log than the key.',
    absent: 'The key did not sign this checkpoint: it is of another log, or the log has another key now.',
    wrong:
      'The signature does not fit: the checkpoint was changed after it was signed, or the key is another one.',
    unchecked: 'The key is of an algorithm that browsers cannot check.',
  };
  return {
    id: 'checkpoint',
    title: 'The checkpoint is signed by the log',
    state: signed ? 'passed' : 'failed',
    text: signed ? 'Ed25519 over the whole text of the checkpoint.' : why[confirmation.state],
    values: [
      ['Key', `${key.name}+${key.id}`],
      ['Fingerprint', key.fingerprint],
      ['Size', String(size)],
      ['Root', toBase64(root)],
    ],
  };
}

async function checkWitnesses(
  { note }: InclusionProof,
  { log, witnesses, quorum }: ReceiptTrust,
): Promise<Step> {
  const found = await Promise.all(
    witnesses.map(async (key) => ({ key, confirmation: await confirm(note, key) })),
  );
  const signed = found.filter(({ confirmation }) => confirmation.state === 'signed');
  const wrong = found.find(({ confirmation }) => confirmation.state === 'wrong');
  const known = [log, ...witnesses];
  const strangers = note.signatures.filter(
    ({ name, id }) => !known.some((key) => key.name === name && key.id === id),
  );
  return {
    id: 'witnesses',
    title: 'Witnesses saw the same log',
    state:
      wrong !== undefined || signed.length < quorum ? 'failed' : signed.length > 0 ? 'passed' : 'unchecked',
    text: witnessText({ signed: signed.length, quorum, wrong: wrong?.key.name, demanded: witnesses.length }),
    values: [
      ...found.map(({ key, confirmation }) => [key.name, describeConfirmation(confirmation)] as const),
      ...strangers.map(
        ({ name, id }) => [`${name}+${id}`, 'signature of a key that is not known here'] as const,
      ),
    ],
  };
}

function witnessText(found: {
  signed: number;
  quorum: number;
  wrong: string | undefined;
  demanded: number;
}): string {
  const { signed, quorum, wrong, demanded } = found;
  if (wrong !== undefined) return `The signature of ${wrong} does not fit this checkpoint.`;
  if (signed < quorum) return `${signed} of the ${quorum} that you demand have signed.`;
  if (signed > 0) return `${signed} of ${demanded} known witnesses signed this very checkpoint.`;
  return demanded === 0
    ? 'No witness is known here. Without one, the operator could show different logs to different people.'
    : 'None has signed this checkpoint yet; newer receipts of the same event may carry their signatures.';
}

function describeConfirmation(confirmation: Awaited<ReturnType<typeof confirm>>): string {
  if (confirmation.state === 'signed') {
    const { timeMs } = confirmation;
    return timeMs === undefined ? 'signed' : `signed ${new Date(timeMs).toISOString()}`;
  }
  return {
    absent: 'has not signed',
    wrong: 'signature does not fit',
    unchecked: 'algorithm not known to browsers',
  }[confirmation.state];
}

async function checkInclusion(proof: InclusionProof, entry: string): Promise<Step> {
  const leaf = await hashLeaf(utf8(entry));
  const root = await computeRoot(leaf, proof);
  const stands = root !== undefined && areEqual(root, proof.root);
  return {
    id: 'inclusion',
    title: 'The entry stands in the log at this place',
    state: stands ? 'passed' : 'failed',
    text: stands
      ? 'The hashes on the path lead from the entry to the signed root (RFC 9162 §2.1.3.2).'
      : 'The path does not lead from this entry to the signed root.',
    values: [
      ['Hash of the entry', toBase64(leaf)],
      ['Root computed here', root === undefined ? 'none' : toBase64(root)],
      ['Root that was signed', toBase64(proof.root)],
    ],
  };
}

async function checkOpening({ entry: text, opening }: Receipt, shown: Event | undefined) {
  const entry = parseEntry(text);
  const lasting = parseObject(opening.lasting);
  const digest = await commitment(opening.salts.lasting, opening.lasting);
  const names = (['id', 'timeMs', 'type'] as const).every(
    (name) => entry !== undefined && lasting !== undefined && entry[name] === lasting[name],
  );
  const fits = entry !== undefined && names && digest === entry.lasting;
  const event = openedEvent(opening);
  const steps: Step[] = [
    {
      id: 'event',
      title: 'The event is the one that the entry stands for',
      state: fits ? 'passed' : 'failed',
      text: fits
        ? 'The digest over salt and event is the one in the entry; id, time and kind are the same.'
        : entry === undefined
          ? 'The entry cannot be read.'
          : 'The event was changed, or is another one.',
      values: [
        ['Digest computed here', digest],
        ['Digest in the entry', entry?.lasting ?? 'none'],
      ],
    },
    await checkPersonal(entry?.personal, opening),
  ];
  if (shown !== undefined) steps.push(compareShown(event, shown));
  return { steps, event };
}

async function checkPersonal(claimed: string | undefined, opening: Receipt['opening']): Promise<Step> {
  const base = { id: 'personal', title: 'What is personal is as it was recorded' } as const;
  const { personal, salts } = opening;
  if (personal === undefined) {
    const text =
      claimed === undefined
        ? 'The event has nothing personal in it.'
        : 'It was erased; the rest stays proved.';
    return { ...base, state: 'unchecked', text, values: [] };
  }
  const digest = await commitment(salts.personal ?? '', personal);
  const fits = salts.personal !== undefined && digest === claimed;
  return {
    ...base,
    state: fits ? 'passed' : 'failed',
    text: fits
      ? 'Logins and addresses have a digest of their own, so that they can be erased.'
      : 'It was changed, or does not belong to this entry.',
    values: [
      ['Digest computed here', digest],
      ['Digest in the entry', claimed ?? 'none'],
    ],
  };
}

/** What the page shows came from the server in another answer: it has to say the same. */
function compareShown(event: JsonObject | undefined, shown: Event): Step {
  const { time, sequence: _sequence, ...rest } = shown;
  const same = event !== undefined && isSame(event, { ...rest, timeMs: Date.parse(time) });
  return {
    id: 'shown',
    title: 'This page shows what is proved',
    state: same ? 'passed' : 'failed',
    text: same
      ? 'Every value of the event above is the proved one.'
      : 'The event that the server showed differs from the proved one. Trust only what is below.',
    values: [],
  };
}

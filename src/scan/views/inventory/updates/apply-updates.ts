import { applyEdits, overlaps } from '../../../fix/apply-edits.ts';
import { findStrayChange } from '../../../fix/verify-edits.ts';
import { rules } from '../../../rules.generated.ts';
import { scanRepository } from '../../../scan-repository.ts';
import type { ViewedRepository } from '../../../view.ts';
import { factsIn, MARKING_RULES, type Sighting, sightingsIn, type Sources } from '../sightings.ts';
import { isCurable } from './plan-updates.ts';
import type { Draft, Update } from './update.ts';

const ROUNDS_MAX = 3;
const marking = rules.filter(({ id }) => Object.hasOwn(MARKING_RULES, id));

/** A repository as it is with its updates, and what came of each of them. */
export interface UpdatedRepository {
  readonly repository: ViewedRepository;
  readonly updates: readonly Update[];
}

function withTodo({ update, file }: Draft, todo: string): Draft {
  return { update: { ...update, commit: undefined, todo }, file, edits: [] };
}

/** Edits that can stand beside each other, and change nothing else of their file. */
function chooseEdits(drafts: readonly Draft[], texts: ReadonlyMap<string, string>): readonly Draft[] {
  const taken = new Map<string, Draft['edits']>();
  return drafts.map((draft) => {
    const { file, edits } = draft;
    if (edits.length === 0) return draft;
    const others = taken.get(file) ?? [];
    const text = texts.get(file);
    if (text === undefined)
      return withTodo(draft, `write it into ${file} by hand: that file is not read as it stands`);
    const isTwice = edits.every((edit) =>
      others.some((other) => other.start === edit.start && other.replacement === edit.replacement),
    );
    // The same action in a file that is reached in two ways.
    if (isTwice) return draft;
    if (edits.some((edit) => others.some((other) => overlaps(edit, other))))
      return withTodo(draft, 'another update stands at the same place: write this one after it');
    const stray = /\.ya?ml$/.test(file)
      ? findStrayChange(file, text, applyEdits(text, edits), edits)
      : undefined;
    if (stray !== undefined) return withTodo(draft, `write it by hand: ${stray}`);
    taken.set(file, [...others, ...edits]);
    return draft;
  });
}

function distinctEdits(drafts: readonly Draft[]): Draft['edits'] {
  const edits = drafts.flatMap((draft) => draft.edits);
  return [...new Map(edits.map((edit) => [`${edit.start} ${edit.end}`, edit])).values()];
}

function applyAll(
  repository: ViewedRepository,
  drafts: readonly Draft[],
  texts: ReadonlyMap<string, string>,
  asOfMs: number,
): ViewedRepository {
  const byFile = Map.groupBy(
    drafts.filter(({ edits }) => edits.length > 0),
    ({ file }) => file,
  );
  const files = [...texts].map(([file, text]) => ({
    file,
    text: applyEdits(text, distinctEdits(byFile.get(file) ?? [])),
  }));
  return {
    ...repository,
    scan: scanRepository({ root: repository.root, files }, { rules: marking, asOfMs }),
  };
}

const keyOf = ({ use, place }: Sighting): string => `${place} ${use.kind} ${use.name}`;

/** Uses that something curable is still known against. */
function openUses(repository: ViewedRepository, sources: Sources): ReadonlySet<string> {
  const factsAbout = factsIn([repository], sources);
  const open = sightingsIn([repository], sources.mirror).filter((each) => factsAbout(each).some(isCurable));
  return new Set(open.map(keyOf));
}

/**
 * Writes updates into the texts of one repository, and reads them again: what is still known against a use after its
 * update was no way out, and is taken back.
 */
export function applyUpdates(
  repository: ViewedRepository,
  drafts: readonly Draft[],
  sources: Sources,
  asOfMs: number,
): UpdatedRepository {
  const texts = new Map(
    repository.scan.repository.files.map(({ source }) => [source.file, source.text] as const),
  );
  let chosen = chooseEdits(drafts, texts);
  for (let round = 0; chosen.some(({ edits }) => edits.length > 0); round += 1) {
    const updated = applyAll(repository, chosen, texts, asOfMs);
    const open = openUses(updated, sources);
    const isOpen = ({ update: { place, kind, name }, edits }: Draft) =>
      edits.length > 0 && (round >= ROUNDS_MAX || open.has(`${place} ${kind} ${name}`));
    if (!chosen.some(isOpen)) return { repository: updated, updates: chosen.map(({ update }) => update) };
    chosen = chosen.map((draft) =>
      isOpen(draft)
        ? withTodo(draft, 'something is known against that version, too: look for another')
        : draft,
    );
  }
  return { repository, updates: chosen.map(({ update }) => update) };
}

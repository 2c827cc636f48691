import { readsAs } from '#findings/severity.ts';
import type { Edit, Finding, Fix } from '#findings/finding.ts';
import {
  type RepositoryInput,
  type RepositoryScan,
  scanRepository,
  type ScanOptions,
} from '../scan-repository.ts';
import { applyEdits, overlaps } from './apply-edits.ts';
import { findStrayChange } from './verify-edits.ts';

/** A finding that was mended, or the reason why its fix was not applied. */
export interface FixOutcome {
  readonly ruleId: string;
  readonly file: string;
  readonly line: number;
  readonly title: string;
  /** Undefined when it was applied. */
  readonly refused: string | undefined;
}

export interface FixedRepository {
  /** Texts that changed, by file. */
  readonly changed: ReadonlyMap<string, string>;
  readonly outcomes: readonly FixOutcome[];
  /** What is left after the last round. */
  readonly scan: RepositoryScan;
}

/** Fixes of one step stand in each other's way and take a round each. */
const ROUNDS_MAX = 50;

function outcomeOf(finding: Finding, fix: Fix, refused?: string): FixOutcome {
  const [{ file, start }] = finding.locations;
  return { ruleId: finding.ruleId, file, line: start.line, title: fix.title, refused };
}

function countByRule(findings: readonly Finding[], file: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { ruleId, locations } of findings) {
    if (locations[0].file === file) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
  }
  return counts;
}

type Choice = { readonly finding: Finding; readonly fix: Fix };

class Fixer {
  readonly #texts: Map<string, string>;
  readonly #original: ReadonlyMap<string, string>;
  readonly #input: RepositoryInput;
  readonly #options: ScanOptions;
  readonly #allowed: ReadonlySet<Fix['safety']>;
  readonly #given = new Set<string>();
  readonly outcomes: FixOutcome[] = [];
  scan: RepositoryScan;

  constructor(input: RepositoryInput, options: ScanOptions, safety: Fix['safety']) {
    this.#input = input;
    this.#options = options;
    this.#original = new Map(input.files.map(({ file, text }) => [file, text]));
    this.#texts = new Map(this.#original);
    this.#allowed = new Set(safety === 'unsafe' ? ['safe', 'unsafe'] : ['safe']);
    this.scan = scanRepository(input, options);
  }

  get changed(): Map<string, string> {
    return new Map([...this.#texts].filter(([file, text]) => this.#original.get(file) !== text));
  }

  #rescan(): RepositoryScan {
    const files = [...this.#texts].map(([file, text]) => ({ file, text }));
    return scanRepository({ root: this.#input.root, files }, this.#options);
  }

  /** Fixes that can be applied together: each alone leaves everything else as it is, and none touches another. */
  #choose(): Map<string, Choice[]> {
    const chosen = new Map<string, Choice[]>();
    for (const finding of this.scan.findings) {
      const fix = finding.fixes.find(({ safety }) => this.#allowed.has(safety));
      if (finding.suppression !== undefined || fix === undefined || this.#given.has(finding.fingerprint))
        continue;
      if (!readsAs(this.#options.persona ?? 'auditor', finding.persona)) continue;
      const [{ file }] = finding.locations;
      // A fix over several files would have to be verified and reverted as a whole; no rule has one yet.
      if (fix.edits.some((edit) => edit.file !== file)) continue;
      const others = chosen.get(file) ?? [];
      const taken = others.flatMap((other) => other.fix.edits);
      if (fix.edits.some((edit) => taken.some((other) => overlaps(edit, other)))) continue;
      const refused = this.#findFault(file, fix.edits);
      if (refused === undefined) chosen.set(file, [...others, { finding, fix }]);
      else this.#refuse({ finding, fix }, refused);
    }
    return chosen;
  }

  #refuse({ finding, fix }: Choice, reason: string): void {
    this.#given.add(finding.fingerprint);
    this.outcomes.push(outcomeOf(finding, fix, reason));
  }

  #findFault(file: string, edits: readonly Edit[]): string | undefined {
    const before = this.#texts.get(file) ?? '';
    return findStrayChange(file, before, applyEdits(before, edits), edits);
  }

  /** Applies one round; false when there was nothing left to apply. */
  round(): boolean {
    const chosen = this.#choose();
    if (chosen.size === 0) return false;
    const before = new Map(this.#texts);
    for (const [file, choices] of chosen) {
      const edits = choices.flatMap(({ fix }) => fix.edits);
      this.#texts.set(file, applyEdits(before.get(file) ?? '', edits));
    }
    const next = this.#rescan();
    const failed = [...chosen].filter(([file, choices]) => !this.#isMended(file, choices, next));
    for (const [file, choices] of chosen) {
      if (failed.some(([name]) => name === file)) {
        this.#texts.set(file, before.get(file) ?? '');
        for (const choice of choices) this.#refuse(choice, 'the finding would still be there');
      } else for (const { finding, fix } of choices) this.outcomes.push(outcomeOf(finding, fix));
    }
    this.scan = failed.length === 0 ? next : this.#rescan();
    return true;
  }

  /** Every rule has as many findings fewer as fixes were applied, and no rule has more. */
  #isMended(file: string, choices: readonly Choice[], next: RepositoryScan): boolean {
    const [before, after] = [countByRule(this.scan.findings, file), countByRule(next.findings, file)];
    const fixed = new Map<string, number>();
    for (const { finding } of choices) fixed.set(finding.ruleId, (fixed.get(finding.ruleId) ?? 0) + 1);
    const rules = new Set([...before.keys(), ...after.keys()]);
    return [...rules].every(
      (rule) => (after.get(rule) ?? 0) <= (before.get(rule) ?? 0) - (fixed.get(rule) ?? 0),
    );
  }
}

/** Mends what can be mended, round after round, until nothing changes any more. Nothing is written to disk. */
export function fixRepository(
  input: RepositoryInput,
  options: ScanOptions,
  safety: Fix['safety'],
): FixedRepository {
  const fixer = new Fixer(input, options, safety);
  for (let round = 0; round < ROUNDS_MAX; round += 1) if (!fixer.round()) break;
  return { changed: fixer.changed, outcomes: fixer.outcomes, scan: fixer.scan };
}

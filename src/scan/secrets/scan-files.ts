import type { ScanProblem } from '#findings/finding.ts';
import type { FoundFile } from '../discover.ts';
import type { EngineFile, EngineRun } from '../engines/engine.ts';
import { readFiles } from '../engines/read-files.ts';
import { FileScanner } from './file-scanner.ts';
import { buildRuleSet, type RuleSet, type RuleSetOptions } from './rule-set.ts';
import { rulePack } from './rule-pack.ts';
import type { SecretHit } from './secret-hit.ts';
import { GITLEAKS_FILE, readTeamSettings, type TeamSettings } from './team/team-settings.ts';
import { isWanted, isWrittenByHand } from './wanted-files.ts';

/** What one file came to; files with nothing are only counted. */
export interface FileHits {
  readonly file: string;
  readonly hits: readonly SecretHit[];
}

export interface RootScan {
  readonly root: string;
  readonly files: readonly FileHits[];
  readonly problems: readonly ScanProblem[];
  readonly filesScanned: number;
  readonly bytesScanned: number;
}

export interface ScanFilesOptions extends RuleSetOptions {
  /** Leaves out what the team wrote. */
  readonly withoutTeam?: boolean;
}

/** The rules of a repository, and what its team said. */
export function openRuleSet(root: string, options: ScanFilesOptions): { team: TeamSettings; rules: RuleSet } {
  const team: TeamSettings =
    options.withoutTeam === true
      ? { configs: [], known: [], problems: [], sources: [] }
      : readTeamSettings(root);
  return { team, rules: buildRuleSet(rulePack, team, options) };
}

/** A file that a rule knows by its name: `*.p12`. */
function hitOfName(ruleId: string): SecretHit {
  const start = { line: 1, column: 1, offset: 0 };
  return {
    ruleId,
    tier: 'high',
    value: '',
    shown: '',
    digest: '',
    start,
    end: start,
    matchLine: 0,
    excerpt: '',
    inTest: false,
    wrapped: false,
    weighed: false,
  };
}

/** The engine over one repository. */
class SecretsRun implements EngineRun<Pick<RootScan, 'files' | 'problems'>> {
  readonly #files: FileHits[] = [];
  readonly #problems: ScanProblem[] = [];
  readonly #rules: RuleSet;
  readonly #scanner: FileScanner;

  constructor(rules: RuleSet) {
    this.#rules = rules;
    this.#scanner = new FileScanner(rules.compiled, rules.namesOf);
  }

  wants(file: string): boolean {
    if (!this.#rules.wants(file)) return false;
    const named = this.#rules.fileRules.filter((rule) => rule.wants?.(file) === true);
    if (named.length > 0) this.#files.push({ file, hits: named.map(({ id }) => hitOfName(id)) });
    return isWanted(file);
  }

  look({ file, bytes }: EngineFile): void {
    const hits = this.#scanner.scan(bytes, file);
    for (const id of this.#scanner.cutShort) {
      this.#say(file, `${id} took too long here, so it did not see all of this file`);
    }
    const kept = isWrittenByHand(file) ? hits : hits.filter(({ tier }) => tier === 'high');
    if (kept.length > 0) this.#files.push({ file, hits: kept });
  }

  finish(): Pick<RootScan, 'files' | 'problems'> {
    for (const id of this.#scanner.exhausted) {
      this.#say(GITLEAKS_FILE, `the rule ${id} took too long and was left out`);
    }
    for (const id of this.#rules.slowRules()) {
      this.#say(GITLEAKS_FILE, `the pattern of ${id} is left out: it is too slow on hostile text`);
    }
    return { files: this.#files, problems: this.#problems };
  }

  #say(file: string, message: string): void {
    this.#problems.push({ file, line: 1, column: 1, message, partial: true });
  }
}

/** Reads and searches files of one repository. Whatever stands in them, it returns. */
export function scanFiles(root: string, files: readonly FoundFile[], options: ScanFilesOptions): RootScan {
  const run = new SecretsRun(openRuleSet(root, options).rules);
  const read = readFiles(run, files);
  const found = run.finish();
  return { ...read, root, files: found.files, problems: [...read.problems, ...found.problems] };
}

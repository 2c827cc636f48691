import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Finding, ScanProblem } from '#findings/finding.ts';
import { compareFindings } from '#findings/finding.ts';
import type { RuleDescription } from '#findings/rule-description.ts';
import { settleFindings } from '#scan/engines/settle-findings.ts';
import type { ScannedPaths, ScannedRepository } from '#scan/scan-paths.ts';
import { readScanSettings } from '#scan/scan-settings.ts';
import { hideValues } from '#scan/secrets/hide-values.ts';
import type { HistoricSecret } from '#scan/secrets/history/scan-history.ts';
import { keyedHash } from '#scan/secrets/redact.ts';
import type { RuleSet } from '#scan/secrets/rule-set.ts';
import { openRuleSet, type RootScan } from '#scan/secrets/scan-files.ts';
import { optionsFor } from '#scan/secrets/scan-secrets.ts';
import type { TeamSettings } from '#scan/secrets/team/team-settings.ts';
import { type PlacedHit, toFindings } from '#scan/secrets/to-findings.ts';
import type { FoundSecrets, RootHistory } from './begin-secrets.ts';

/** Rules for pipelines that say the same of the same place, with more about the pipeline. */
const SAME: ReadonlySet<string> = new Set([
  'hardcoded-secret',
  'gitlab-hardcoded-credential',
  'hardcoded-container-credentials',
]);

export interface JoinedSecrets {
  readonly scanned: ScannedPaths;
  /** Rules that found something; the pack is too long to be listed in every report. */
  readonly rules: readonly RuleDescription[];
  readonly filesScanned: number;
  readonly notes: readonly string[];
}

/** Secrets that belong to one repository of the scan, with names from its root. */
interface Share {
  readonly placed: PlacedHit[];
  readonly problems: ScanProblem[];
}

/** What holds across repositories, by absolute names: one may lie in another. */
interface Shared {
  readonly describe: (ruleId: string) => RuleDescription | undefined;
  /** `file:line` of what a rule for pipelines says already. */
  readonly taken: ReadonlySet<string>;
  /** Values of the secrets in a file. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly asOfMs: number;
}

function shortDay(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 10);
}

function describeHistory({ introduced, inHead, places }: HistoricSecret): string {
  const came = `came in with commit ${introduced.commit.slice(0, 12)} of ${shortDay(introduced.authoredSeconds)}`;
  const now = inHead ? 'is still in HEAD' : 'is no longer in HEAD, and in every clone';
  return `${came} and ${now}${places > 1 ? `; ${places} versions of files have it` : ''}`;
}

/** Puts the hits of one root where they belong, and lets stand what its team let stand. */
class RootPlacer {
  readonly #scan: RootScan;
  readonly #team: TeamSettings;
  readonly #rules: RuleSet;
  readonly #found: FoundSecrets;

  constructor(scan: RootScan, found: FoundSecrets) {
    const { team, rules } = openRuleSet(scan.root, optionsFor(scan.root, found.request));
    this.#scan = scan;
    this.#team = team;
    this.#rules = rules;
    this.#found = found;
  }

  get rules(): RuleSet {
    return this.#rules;
  }

  place(shareOf: (root: string, file: string) => { share: Share; file: string }): void {
    const history: RootHistory = this.#found.history.get(this.#scan.root) ?? { secrets: [], problems: [] };
    const left = new Map(
      history.secrets.map((secret) => [`${secret.hit.ruleId} ${secret.hit.hash}`, secret]),
    );
    for (const { file: own, hits } of this.#scan.files) {
      const { share, file } = shareOf(this.#scan.root, own);
      for (const hit of hits) {
        const name = `${hit.ruleId} ${keyedHash(this.#found.key, hit.value)}`;
        const old =
          left.size === 0
            ? undefined
            : history.secrets.find((each) => `${each.hit.ruleId} ${each.hit.hash}` === name);
        left.delete(name);
        const where = old === undefined ? {} : { where: `stands in this file; it ${describeHistory(old)}` };
        const suppression = hit.allowed ?? this.#known(own, hit.matchLine, hit.ruleId, hit.value);
        share.placed.push({ file, hit, suppression, ...where });
      }
    }
    for (const secret of left.values()) this.#placeHistoric(secret, shareOf);
    const problems = [...this.#team.problems, ...this.#scan.problems, ...history.problems];
    for (const problem of problems) {
      const { share, file } = shareOf(this.#scan.root, problem.file);
      share.problems.push({ ...problem, file });
    }
  }

  #known(file: string, line: number, ruleId: string, value: string, commit?: string) {
    const question = { file, line, value, gitleaksIds: this.#rules.gitleaksIds(ruleId), commit };
    return this.#team.known.map((find) => find(question)).find((each) => each !== undefined);
  }

  #placeHistoric(
    secret: HistoricSecret,
    shareOf: (root: string, file: string) => { share: Share; file: string },
  ): void {
    const { hit, introduced } = secret;
    const { share, file } = shareOf(this.#scan.root, introduced.file);
    const allowed =
      hit.allowed === undefined ? undefined : { kind: 'inline' as const, justification: hit.allowed };
    const suppression =
      allowed ?? this.#known(introduced.file, hit.matchLine, hit.ruleId, '', introduced.commit);
    const { allowed: _, ...shown } = hit;
    share.placed.push({
      file,
      hit: shown,
      suppression,
      where: describeHistory(secret),
      structure: 'history',
    });
  }
}

/**
 * Where a file belongs: to the repository that it was listed in; where there is none, to the deepest one that was made
 * out by its pipelines.
 */
function findRoot(roots: readonly string[], listed: string, file: string): string {
  if (existsSync(path.join(listed, '.git'))) return listed;
  const absolute = path.join(listed, file);
  const within = roots.filter((root) => absolute.startsWith(`${root}${path.sep}`));
  return within.toSorted((left, right) => right.length - left.length)[0] ?? listed;
}

function placeOf(root: string, { file, start }: Finding['locations'][0]): string {
  return `${path.join(root, file)}:${start.line}`;
}

function joinRepository(
  root: string,
  known: ScannedRepository | undefined,
  share: Share,
  { describe, taken, values, asOfMs }: Shared,
): ScannedRepository {
  const settings = known?.settings ?? readScanSettings(root);
  const drafts = toFindings(share.placed, describe).filter(
    ({ locations: [place] }) => !taken.has(placeOf(root, place)),
  );
  const settled = settleFindings(drafts, settings, asOfMs);
  const others = (known?.findings ?? []).map((finding) => {
    const hidden = finding.locations.flatMap(({ file }) => values.get(path.join(root, file)) ?? []);
    return hidden.length === 0 ? finding : hideValues(finding, hidden);
  });
  return {
    root,
    settings,
    filesScanned: known?.filesScanned ?? 0,
    fileKinds: known?.fileKinds ?? {},
    findings: settled.findings.length === 0 ? others : [...others, ...settled.findings].sort(compareFindings),
    problems: [...(known?.problems ?? []), ...share.problems],
    expiredWaivers: [...(known?.expiredWaivers ?? []), ...settled.expired],
  };
}

function shareFacts(
  scanned: ScannedPaths,
  found: FoundSecrets,
  describe: Shared['describe'],
  asOfMs: number,
): Shared {
  const taken = scanned.repositories.flatMap(({ root, findings }) =>
    findings.filter(({ ruleId }) => SAME.has(ruleId)).map(({ locations: [place] }) => placeOf(root, place)),
  );
  const values = found.roots.flatMap(({ root, files }) =>
    files.map(({ file, hits }) => [path.join(root, file), hits.map(({ value }) => value)] as const),
  );
  return { describe, taken: new Set(taken), values: new Map(values), asOfMs };
}

/** The findings of a scan with the secrets in the same files, and no value of one in any of them. */
export function joinSecrets(
  scanned: ScannedPaths,
  found: FoundSecrets,
  asOfMs: number,
  wantsPipelines: boolean,
): JoinedSecrets {
  const byRoot = new Map(scanned.repositories.map((repository) => [repository.root, repository]));
  const roots = [...byRoot.keys()];
  const shares = new Map<string, Share>();
  const shareOf = (listed: string, file: string) => {
    const root = findRoot(roots, listed, file);
    const share = shares.get(root) ?? { placed: [], problems: [] };
    shares.set(root, share);
    return { share, file: path.relative(root, path.join(listed, file)).split(path.sep).join('/') };
  };
  const placers = found.roots.map((scan) => new RootPlacer(scan, found));
  for (const placer of placers) placer.place(shareOf);
  const describe = (id: string) =>
    placers.map(({ rules }) => rules.describe(id)).find((each) => each !== undefined);
  const pipelines = scanned.repositories.some((each) => each.filesScanned > 0);
  // What was looked at is said, though nothing was found there.
  if (!pipelines) for (const { root } of found.roots) shareOf(root, '.');
  const shared = shareFacts(scanned, found, describe, asOfMs);
  // One that lies in another is changed, too: a line of it may show a secret that was listed with the other.
  const touched = new Set([...shares.keys(), ...roots]);
  for (const root of touched) {
    const share = shares.get(root) ?? { placed: [], problems: [] };
    byRoot.set(root, joinRepository(root, byRoot.get(root), share, shared));
  }
  const counts = new Map(pipelines ? [] : found.roots.map((each) => [each.root, each.filesScanned] as const));
  const repositories = [...byRoot.values()].map((repository) => {
    const count = counts.get(repository.root);
    return count === undefined
      ? repository
      : { ...repository, filesScanned: count, fileKinds: { 'searched for secrets': count } };
  });
  const ids = new Set(repositories.flatMap(({ findings }) => findings.map(({ ruleId }) => ruleId)));
  const filesScanned = found.roots.reduce((sum, each) => sum + each.filesScanned, 0);
  return {
    scanned: { repositories, problems: [...scanned.problems, ...found.problems] },
    rules: [...ids].flatMap((id) => describe(id) ?? []),
    filesScanned,
    notes: pipelines || !wantsPipelines || filesScanned === 0 ? [] : ['no pipeline definition here'],
  };
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compileRule } from '#scan/secrets/compiled-rule.ts';
import { Matcher } from '#scan/secrets/matcher.ts';
import type { SecretTier } from '#scan/secrets/rule.ts';
import { rulePack } from '#scan/secrets/rule-pack.ts';
import { buildRuleSet } from '#scan/secrets/rule-set.ts';
import { startThreads } from '#scan/secrets/run-threads.ts';
import { scanFiles } from '#scan/secrets/scan-files.ts';
import type { GitleaksConfig, TeamRule } from '#scan/secrets/team/gitleaks-config.ts';
import type { SourceStage } from './stage-source.ts';

export interface EngineRun {
  readonly cpuMs: number;
  readonly bytes: number;
  readonly hits: number;
}

function processorMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

function foundFiles({ folder, files }: SourceStage) {
  return files.map((file) => ({ path: file, file: path.relative(folder, file), root: folder }));
}

/** From paths to hits on this thread: opening, reading, searching. */
export function measureEngine(stage: SourceStage, tier: SecretTier): EngineRun {
  let scan = { bytesScanned: 0, files: [] as readonly { readonly hits: readonly unknown[] }[] };
  const cpuMs = processorMs(() => {
    scan = scanFiles(stage.folder, foundFiles(stage), { tier });
  });
  return {
    cpuMs,
    bytes: scan.bytesScanned,
    hits: scan.files.reduce((sum, { hits }) => sum + hits.length, 0),
  };
}

/** Only the search, over bytes that are in memory. */
export function measureMatching(stage: SourceStage, bytesMax: number): EngineRun {
  const texts: Buffer[] = [];
  let bytes = 0;
  for (const file of stage.files) {
    if (bytes >= bytesMax) break;
    const text = readFileSync(file);
    texts.push(text);
    bytes += text.length;
  }
  const matcher = new Matcher(rulePack.filter((rule) => rule.tier !== 'generic').map(compileRule));
  let hits = 0;
  const cpuMs = processorMs(() => {
    for (const text of texts) hits += matcher.match(text, 'a.ts').length;
  });
  return { cpuMs, bytes, hits };
}

/** Wall time on threads, which is what somebody waits for. */
export async function measureThreads(stage: SourceStage, threads: number): Promise<number> {
  const files = foundFiles(stage);
  const tasks = Array.from({ length: Math.ceil(files.length / 1_000) }, (_, index) => ({
    root: stage.folder,
    files: files.slice(index * 1_000, (index + 1) * 1_000),
    options: { tier: 'high' as const },
  }));
  const startMs = performance.now();
  await startThreads(tasks, { threads, timeoutMs: 600_000 });
  return performance.now() - startMs;
}

function lineOf(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < offset; at = bytes.indexOf(10, at + 1)) line += 1;
  return line;
}

/** What our engine finds with rules of gitleaks, named as gitleaks names it. */
export function findWithTheirRules(
  stage: SourceStage,
  config: GitleaksConfig,
): { readonly hits: ReadonlySet<string>; readonly cpuMs: number } {
  const rules = buildRuleSet([], { configs: [config] }, { tier: 'generic' });
  const matcher = new Matcher(rules.compiled);
  const names = new Map<string, string>(config.rules.map((rule: TeamRule) => [rule.id, rule.gitleaksId]));
  const hits = new Set<string>();
  const cpuMs = processorMs(() => {
    for (const path_ of stage.files) {
      const file = path.relative(stage.folder, path_).split(path.sep).join('/');
      if (!rules.wants(file)) continue;
      const bytes = readFileSync(path_);
      const found = matcher.match(bytes, file).map((match) => ({
        id: names.get(match.rule.id) ?? '',
        line: lineOf(bytes, match.matchStart),
        value: match.value,
      }));
      for (const each of found) {
        // As there: a generic rule is silent where another one says more of the same text.
        const better = found.some(
          (other) =>
            other.line === each.line && !/generic/i.test(other.id) && other.value.includes(each.value),
        );
        if (!/generic/i.test(each.id) || !better) hits.add(`${file} ${each.id} ${each.line}`);
      }
    }
  });
  const allowed = (hit: string) => {
    const [file = '', , line = '1'] = hit.split(' ');
    const lines = readFileSync(path.join(stage.folder, file), 'utf8').split('\n');
    return lines[Number(line) - 1]?.includes('gitleaks:allow') === true;
  };
  return { hits: new Set([...hits].filter((hit) => !allowed(hit))), cpuMs };
}

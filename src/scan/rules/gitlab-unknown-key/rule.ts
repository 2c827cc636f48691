import { isJobName } from '#pipeline/gitlab/configuration.ts';
import { type GitlabPipeline, isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { asMapping, findEntry, findValue, itemsOf, pairsOf } from '#pipeline/yaml/access.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';
import type { Report, Rule } from '../../rule.ts';
import { gitlabPipelines } from '../../shared/gitlab-configurations.ts';
import { gitlabKeys } from '../../shared/gitlab-keys.ts';
import { findNearest, suggest } from '../../shared/nearest-word.ts';

/** Files that are a part of a pipeline for certain; others may lie in the same folder and be something else. */
function filesInUse(repository: Repository): Set<string> {
  const whole = gitlabPipelines(repository).filter(({ kind }) => kind === 'workflow');
  return new Set(whole.flatMap(({ file, jobs }) => [file, ...jobs.map(({ place }) => place.source.file)]));
}

/** Whoever wrote more unknown words than this in one place did not misspell them. */
const REPORTS_MAX = 50;

type Place = keyof typeof gitlabKeys;

function* checkKeys(node: YamlNode | undefined, place: Place, where: string): Generator<Report> {
  const known = gitlabKeys[place];
  let left = REPORTS_MAX;
  for (const [key] of pairsOf(node)) {
    const word = key.value;
    if (known.some((each) => each === word) || /^(?:|<<|\$\[\[.*)$/s.test(word)) continue;
    left -= 1;
    if (left < 0) return;
    const meant = findNearest(word, known);
    const taken = meant === undefined || findEntry(node, meant) !== undefined;
    yield {
      at: key,
      message: `GitLab knows no "${word.slice(0, 50)}" in ${where}${suggest(word, known)}`,
      // New words come with each release of GitLab; a misspelt one is near an old one.
      ...(meant === undefined ? { confidence: 'low' as const, persona: 'pedantic' as const } : {}),
      fixes: taken
        ? []
        : [
            {
              title: `write "${meant}"`,
              safety: 'unsafe',
              edits: [{ start: key.start, end: key.end, replacement: meant }],
            },
          ],
    };
  }
}

function* checkParts(node: YamlNode, where: string): Generator<Report> {
  for (const part of ['artifacts', 'environment', 'retry', 'trigger'] as const) {
    const value = findValue(node, part);
    if (asMapping(value) !== undefined) yield* checkKeys(value, part, `\`${part}\` of ${where}`);
  }
  for (const cache of itemsOf(findValue(node, 'cache'))) {
    yield* checkKeys(cache, 'cache', `\`cache\` of ${where}`);
  }
  for (const rule of itemsOf(findValue(node, 'rules'))) yield* checkKeys(rule, 'rule', `a rule of ${where}`);
}

/** Without any of these it may be a mapping that only anchors and references use. */
function looksLikeJob(node: YamlNode): boolean {
  return ['script', 'extends', 'trigger', 'run', 'stage'].some((key) => findValue(node, key) !== undefined);
}

function* checkPipeline({ node }: GitlabPipeline): Generator<Report> {
  yield* checkKeys(findValue(node, 'workflow'), 'workflow', '`workflow`');
  yield* checkKeys(findValue(node, 'default'), 'default', '`default`');
  for (const [key, value] of pairsOf(node)) {
    const name = key.value;
    if (!isJobName(name) || name.startsWith('.') || !looksLikeJob(value)) continue;
    const where = `the job "${name.slice(0, 50)}"`;
    yield* checkKeys(value, 'job', where);
    yield* checkParts(value, where);
  }
}

export const rule: Rule = {
  id: 'gitlab-unknown-key',
  title: 'A key that GitLab does not know',
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description:
    'Looks for keys of jobs, rules, artifacts, caches, environments and triggers that GitLab does not know, and names the one that was most likely meant.',
  why: 'GitLab refuses the whole configuration when it finds a key that it does not know: no job runs, and a check that does not run stops nobody.',
  remedy: 'Write the key as the YAML syntax reference has it, or move it to the level it belongs to.',
  references: ['https://docs.gitlab.com/ci/yaml/'],
  aliases: [],

  repository(repository, context) {
    const used = filesInUse(repository);
    for (const pipeline of repository.pipelines.filter(isGitlabPipeline)) {
      if (!used.has(pipeline.file)) continue;
      for (const report of checkPipeline(pipeline)) context.reportIn(pipeline.source, report);
    }
  },
};

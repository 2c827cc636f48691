import type { Pipeline } from '#pipeline/model.ts';
import { findValue, pairsOf, scalarsOf } from '#pipeline/yaml/access.ts';
import type { ScalarNode, YamlNode } from '#pipeline/yaml/node.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findPatternFault, type PatternKind } from './pattern-faults.ts';

const KINDS: ReadonlyMap<string, PatternKind> = new Map([
  ['branches', 'ref'],
  ['branches-ignore', 'ref'],
  ['tags', 'ref'],
  ['tags-ignore', 'ref'],
  ['paths', 'path'],
  ['paths-ignore', 'path'],
]);

function checkFilter(event: string, key: ScalarNode, value: YamlNode, context: RuleContext): void {
  const kind = KINDS.get(key.value);
  if (kind === undefined) return;
  const patterns = scalarsOf(value);
  for (const pattern of patterns) {
    const fault = findPatternFault(pattern.value, kind);
    if (fault === undefined) continue;
    context.report({
      at: pattern,
      message: `"${pattern.value.slice(0, 60).replaceAll('\n', ' ')}" under ${key.value} of ${event} fits nothing: ${fault}`,
    });
  }
  // `!` takes away from what the others let in.
  if (key.value.endsWith('-ignore') || patterns.length === 0) return;
  if (!patterns.every((pattern) => pattern.value.startsWith('!'))) return;
  context.report({
    at: key,
    message: `${key.value} of ${event} only takes away, so that it lets nothing in`,
    remedy: `Write \`'**'\` as the first pattern, or use ${key.value}-ignore without the \`!\`.`,
    key: `${event} ${key.value}`,
  });
}

function checkPipeline(pipeline: Pipeline, context: RuleContext): void {
  for (const [event, details] of pairsOf(findValue(pipeline.node, 'on'))) {
    for (const [key, value] of pairsOf(details)) checkFilter(event.value, key, value, context);
  }
}

export const rule: Rule = {
  id: 'invalid-filter',
  title: 'A filter that lets nothing in',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286', 'CWE-185'], cis: [] },
  description:
    'Looks for patterns under `branches`, `tags` and `paths` that are wrong, that no branch and no path can fit, and for filters that only take away.',
  why: 'The workflow does not run for what it was written for, and nothing says so: a check that does not run stops nobody.',
  remedy:
    'Patterns are globs, and no regular expressions: `*` is all but `/`, `**` is all, `[0-9]` one of several, `+` and `?` repeat what stands before them.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet',
  ],
  aliases: ['actionlint/glob'],

  pipeline(pipeline, context) {
    if (pipeline.kind === 'workflow') checkPipeline(pipeline, context);
  },
};

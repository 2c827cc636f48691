import { z } from 'zod';
import { SchemaName } from '#audit/mapping/schema-name.ts';
import { sinkKinds } from '#audit/sinks.generated.ts';
import type { SinkKind } from '#audit/sinks/sink.ts';
import { DurationText } from '#core/config/duration.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { keysOf, validateYaml } from '#core/config/validate.ts';
import type { YamlSource } from '#core/config/yaml-source.ts';
import { nearestWord } from '#core/nearest.ts';

const SINKS_MAX = 20;

/** What every sink takes, beside `type` and the settings of its kind. */
export const SinkCommon = z.strictObject({
  schema: SchemaName.optional().describe('Form of the events; by default that of the kind.'),
  start: z
    .enum(['beginning', 'now'])
    .default('beginning')
    .describe('Where a new sink begins: with the first event of the log, or with what comes.'),
  delay: DurationText.optional().describe(
    'How long a batch that is not full waits for more; by default that of the kind.',
  ),
});
export type SinkCommon = z.infer<typeof SinkCommon>;

export const SinkEntries = z
  .record(
    z
      .string()
      .max(63)
      .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by `-`, such as siem'),
    z.looseObject({ type: z.string() }),
  )
  .refine((entries) => Object.keys(entries).length <= SINKS_MAX, {
    message: `at most ${SINKS_MAX} sinks`,
  });
export type SinkEntries = z.infer<typeof SinkEntries>;

/** One sink of the configuration; nothing of it is connected to anything yet. */
export interface ConfiguredSink {
  readonly name: string;
  readonly kind: SinkKind;
  readonly common: SinkCommon;
  readonly settings: object;
}

function unknownKind(source: YamlSource, name: string, type: string): ConfigurationProblem {
  const known = Object.keys(sinkKinds);
  const nearest = nearestWord(type, known);
  return {
    file: source.file,
    ...source.locate(['sinks', name, 'type']),
    message: `\`sinks.${name}.type\`: there is no kind \`${type}\`.`,
    remedy: nearest === undefined ? `Use one of: ${known.join(', ')}.` : `Did you mean \`${nearest}\`?`,
  };
}

export function readSinks(
  source: YamlSource,
  entries: SinkEntries,
): { readonly sinks: readonly ConfiguredSink[]; readonly problems: readonly ConfigurationProblem[] } {
  const sinks: ConfiguredSink[] = [];
  const problems: ConfigurationProblem[] = [];
  const commonKeys = keysOf(SinkCommon);
  for (const [name, { type, ...entry }] of Object.entries(entries)) {
    const kind = Object.hasOwn(sinkKinds, type) ? sinkKinds[type] : undefined;
    if (kind === undefined) {
      problems.push(unknownKind(source, name, type));
      continue;
    }
    const pairs = Object.entries(entry);
    const known = ['type', ...commonKeys, ...keysOf(kind.settings)];
    const part = (wanted: boolean) =>
      Object.fromEntries(pairs.filter(([key]) => commonKeys.includes(key) === wanted));
    const common = validateYaml<SinkCommon>(SinkCommon, source, ['sinks', name], part(true), known);
    const settings = validateYaml(kind.settings, source, ['sinks', name], part(false), known);
    if (common.ok && settings.ok) sinks.push({ name, kind, common: common.value, settings: settings.value });
    for (const checked of [common, settings]) if (!checked.ok) problems.push(...checked.problems);
  }
  return { sinks, problems };
}

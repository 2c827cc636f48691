import { z } from 'zod';
import type { InputKind } from '#audit/inputs/input.ts';
import { inputKinds } from '#audit/inputs/kinds.ts';
import { DurationText } from '#core/config/duration.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { validateYaml } from '#core/config/validate.ts';
import type { YamlSource } from '#core/config/yaml-source.ts';
import { nearestWord } from '#core/nearest.ts';

const SOURCES_MAX = 50;

/** What other systems say happened there, beside our own record. */
export const InputsSection = z.strictObject({
  sources: z
    .record(
      z
        .string()
        .max(63)
        .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by `-`, such as github'),
      z.looseObject({ type: z.string() }),
    )
    .refine((sources) => Object.keys(sources).length <= SOURCES_MAX, {
      message: `at most ${SOURCES_MAX} inputs`,
    })
    .default({})
    .describe('Where activity comes from, by name.'),
  retention: DurationText.prefault('90d').describe(
    'How long activity is kept, and can be found by identity.',
  ),
  timeline: z
    .boolean()
    .optional()
    .describe('Whether our own events can be found by identity, too; by default when there is a source.'),
});
export type InputsSection = z.infer<typeof InputsSection>;

/** One input of the configuration; nothing of it is connected to anything yet. */
export interface ConfiguredInput {
  readonly name: string;
  readonly kind: InputKind;
  readonly settings: object;
}

export interface ConfiguredInputs {
  readonly sources: readonly ConfiguredInput[];
  readonly retentionSeconds: number;
  readonly timeline: boolean;
}

function unknownKind(source: YamlSource, name: string, type: string): ConfigurationProblem {
  const known = [...inputKinds.keys()];
  const nearest = nearestWord(type, known);
  return {
    file: source.file,
    ...source.locate(['inputs', 'sources', name, 'type']),
    message: `\`inputs.sources.${name}.type\`: there is no kind \`${type}\`.`,
    remedy: nearest === undefined ? `Use one of: ${known.join(', ')}.` : `Did you mean \`${nearest}\`?`,
  };
}

export function readInputs(
  source: YamlSource,
  section: InputsSection,
): { readonly inputs: ConfiguredInputs; readonly problems: readonly ConfigurationProblem[] } {
  const sources: ConfiguredInput[] = [];
  const problems: ConfigurationProblem[] = [];
  for (const [name, { type, ...entry }] of Object.entries(section.sources)) {
    const kind = inputKinds.get(type);
    if (kind === undefined) {
      problems.push(unknownKind(source, name, type));
      continue;
    }
    const checked = validateYaml(kind.settings, source, ['inputs', 'sources', name], entry);
    if (checked.ok) sources.push({ name, kind, settings: checked.value });
    else problems.push(...checked.problems);
  }
  const { retention, timeline = sources.length > 0 } = section;
  return { inputs: { sources, retentionSeconds: retention, timeline }, problems };
}

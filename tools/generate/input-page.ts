import type { InputKind } from '#audit/inputs/input.ts';
import { code, page } from './markdown.ts';
import type { Generator } from './output.ts';
import { describeFields } from './schema-fields.ts';

function inputSection(kind: InputKind): string {
  const how =
    kind.mode === 'poll'
      ? `Vouchgate asks, every ${kind.everySeconds} s when nothing is waiting.`
      : 'It comes to Vouchgate.';
  return [
    `## ${code(kind.id)}: ${kind.title}`,
    `${kind.description} ${how}`,
    '### Settings',
    describeFields(kind.settings),
  ].join('\n\n');
}

export const inputPage: Generator = {
  path: 'docs/reference/inputs.md',
  sources: ['src/audit/inputs/kinds.ts', 'src/broker/configuration/inputs-section.ts'],
  generate: async () => {
    const { inputKinds } = await import('#audit/inputs/kinds.ts');
    const { InputsSection } = await import('#broker/configuration/inputs-section.ts');
    return page(
      'Inputs',
      'What other systems say happened there. Each section is one `type` under `inputs.sources` in `vouchgate.yaml`; [What others saw](../guides/inputs.md) says how it is used.',
      `## All inputs\n\n${describeFields(InputsSection)}`,
      ...[...inputKinds.values()].map(inputSection),
    );
  },
};

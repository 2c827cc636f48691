import type { SinkKind } from '#audit/sinks/sink.ts';
import { code, list, page, table } from './markdown.ts';
import type { Generator } from './output.ts';
import { loadSinks, SINKS } from './plug-ins.ts';
import { describeFields } from './schema-fields.ts';

function sinkSection(kind: SinkKind): string {
  const { limits } = kind;
  return [
    `## ${code(kind.id)}: ${kind.title}`,
    kind.description,
    table(
      ['', ''],
      [
        ['a batch was taken when', kind.promise],
        ['a batch has at most', `${limits.documentsMax} events, ${limits.bytesMax / 1_000_000} MB`],
        ['largest event', `${limits.documentBytesMax / 1_000} kB; a larger one is parked`],
        [`${code('delay')} by default`, `${limits.delaySeconds} s`],
        [`${code('schema')} by default`, code(kind.schemaDefault)],
        [
          code('audit reconcile'),
          kind.readCopy === undefined ? 'from an export (`--file`)' : 'reads the copy itself',
        ],
      ],
    ),
    '### Settings',
    describeFields(kind.settings),
    `### Pitfalls\n\n${list(kind.pitfalls)}`,
  ].join('\n\n');
}

export const sinkPage: Generator = {
  path: 'docs/reference/sinks.md',
  sources: [SINKS, 'src/broker/configuration/sinks-section.ts'],
  generate: async () => {
    const { SinkCommon } = await import('#broker/configuration/sinks-section.ts');
    return page(
      'Sinks',
      'Where a copy of the record goes. Each section is one `type` under `sinks` in `vouchgate.yaml`; [SIEMs that miss nothing](../guides/siem.md) says how they work.',
      `## Every sink\n\n${describeFields(SinkCommon)}`,
      ...(await loadSinks()).map(sinkSection),
    );
  },
};

import type { PipelineFinding } from '#api/pipeline.ts';

export interface Block {
  /** Of its first line, from 1. */
  readonly start: number;
  readonly lines: readonly string[];
  /** What stands at its last line. */
  readonly findings: readonly PipelineFinding[];
}

/** The lines between one finding and the next. */
export function splitAtFindings(text: string, findings: readonly PipelineFinding[]): Block[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const byLine = Map.groupBy(findings, ({ place }) => Math.min(place.line, lines.length));
  const blocks: Block[] = [];
  let start = 1;
  for (const at of [...byLine.keys()].toSorted((one, other) => one - other)) {
    blocks.push({ start, lines: lines.slice(start - 1, at), findings: byLine.get(at) ?? [] });
    start = at + 1;
  }
  if (start <= lines.length) blocks.push({ start, lines: lines.slice(start - 1), findings: [] });
  return blocks;
}

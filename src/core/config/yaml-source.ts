import { isNode, LineCounter, parseDocument } from 'yaml';
import type { ConfigurationProblem } from './problem.ts';

const BYTES_MAX = 1_048_576;

export interface Position {
  line: number;
  column: number;
}

/** A parsed YAML file that still knows where each value stands. */
export interface YamlSource {
  file: string;
  value: unknown;
  /** Position of the value at that path, or of its nearest ancestor that exists. */
  locate(path: readonly PropertyKey[]): Position;
}

export type YamlParse = { ok: true; source: YamlSource } | { ok: false; problems: ConfigurationProblem[] };

/**
 * Parses YAML 1.2 with duplicate keys refused, and without aliases: a few nested ones expand to gigabytes
 * ("billion laughs").
 */
export function parseYamlSource(file: string, text: string): YamlParse {
  if (Buffer.byteLength(text) > BYTES_MAX) {
    return {
      ok: false,
      problems: [
        problemAt(
          file,
          { line: 1, column: 1 },
          `The file is larger than ${BYTES_MAX} bytes.`,
          'Split it, or remove what does not belong to the configuration.',
        ),
      ],
    };
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: true, strict: true, version: '1.2' });
  const positionOf = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [first] = document.errors;
  if (first !== undefined) {
    const message = first.message.split('\n', 1)[0] ?? 'The file is not valid YAML.';
    return {
      ok: false,
      problems: [
        problemAt(
          file,
          positionOf(first.pos[0]),
          message.replace(/ at line \d+, column \d+:?$/, '.'),
          'Correct the YAML; indentation is spaces, and a key stands only once in a mapping.',
        ),
      ],
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return {
      ok: false,
      problems: [
        problemAt(
          file,
          { line: 1, column: 1 },
          'YAML aliases (`*name`) are not accepted in the configuration.',
          'Write the value out where the alias stands.',
        ),
      ],
    };
  }
  const locate = (path: readonly PropertyKey[]): Position => {
    for (let length = path.length; length > 0; length -= 1) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return positionOf(node.range[0]);
    }
    return { line: 1, column: 1 };
  };
  return { ok: true, source: { file, value, locate } };
}

function problemAt(file: string, position: Position, message: string, remedy: string): ConfigurationProblem {
  return { file, ...position, message, remedy };
}

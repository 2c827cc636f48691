import { EVENT_ID, YAMLException } from 'js-yaml';
import type { Problem } from '../problem.ts';
import type { SourceText } from '../source.ts';
import { buildDocuments } from './build.ts';
import { type ParsedEvents, parseEventsLeniently } from './lenient-events.ts';
import type { ContentNode } from './node.ts';

export interface YamlLimits {
  readonly charactersMax: number;
  readonly depthMax: number;
  readonly nodesMax: number;
  /** Nodes that a walk meets when it follows every alias. */
  readonly expandedNodesMax: number;
}

export const defaultYamlLimits: YamlLimits = {
  charactersMax: 10_000_000,
  depthMax: 100,
  nodesMax: 1_000_000,
  expandedNodesMax: 2_000_000,
};

export interface ParsedYaml {
  /** Roots in order; empty when the file could not be parsed. */
  readonly documents: readonly ContentNode[];
  readonly problems: readonly Problem[];
}

function refuse(kind: Problem['kind'], message: string, at = 0): ParsedYaml {
  return { documents: [], problems: [{ kind, message, span: { start: at, end: at + 1 }, partial: false }] };
}

/** Counted before parsing, because the events of 10 MB of `-` would need a gigabyte. */
function countPossibleNodes(text: string, stopAt: number): number {
  let count = 0;
  for (let at = 0; at < text.length && count <= stopAt; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 44 || code === 91 || code === 123 || code === 58) count += 1;
  }
  return count;
}

/** Parses a file into positioned trees. Whatever the text is, this returns: what is wrong stands in `problems`. */
export function parseYaml(source: SourceText, limits: YamlLimits = defaultYamlLimits): ParsedYaml {
  const { text } = source;
  if (text.length > limits.charactersMax) {
    return refuse('too-large', `larger than ${limits.charactersMax} characters, so it was not read`);
  }
  if (text.length > limits.nodesMax / 2 && countPossibleNodes(text, limits.nodesMax) > limits.nodesMax) {
    return refuse('too-many-nodes', `more than ${limits.nodesMax} YAML nodes, so it was not read`);
  }
  let parsed: ParsedEvents;
  try {
    parsed = parseEventsLeniently(text, limits.depthMax);
  } catch (error) {
    if (!(error instanceof YAMLException)) return refuse('syntax', 'the YAML parser gave up on this file');
    const at = Math.min(error.mark?.position ?? 0, text.length);
    return refuse('syntax', `not valid YAML: ${error.reason}`, at);
  }
  if (!parsed.events.some((event) => event.type === EVENT_ID.DOCUMENT))
    return { documents: [], problems: [] };
  return buildDocuments(parsed.text, parsed.events, limits);
}

import type { Location } from '../../finding.ts';

/** SARIF 2.1.0 §3.29: a place in a file, with the text of its lines. */
export function toPhysicalLocation({ file, start, end, excerpt }: Location): object {
  return {
    artifactLocation: { uri: encodeFile(file), uriBaseId: '%SRCROOT%' },
    region: {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
      charOffset: start.offset,
      charLength: end.offset - start.offset,
    },
    contextRegion: {
      startLine: excerpt.firstLine,
      endLine: excerpt.firstLine + Math.max(0, excerpt.lines.length - 1),
      snippet: { text: excerpt.lines.join('\n') },
    },
  };
}

/** §3.4.3: a relative URI reference; a name may hold what a URI may not. */
export function encodeFile(file: string): string {
  // A lone surrogate, which a report of another tool may hold, has no encoding.
  return file.toWellFormed().split('/').map(encodeURIComponent).join('/');
}

export function toLocation(location: Location): object {
  return {
    physicalLocation: toPhysicalLocation(location),
    ...(location.label === undefined ? {} : { message: { text: location.label } }),
  };
}

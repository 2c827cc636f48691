import type { PlaceDraft } from '../../build-reported-finding.ts';
import { type JsonObject, objectAt, positionAt, textAt } from '../../json-fields.ts';

function packageOf(location: JsonObject): PlaceDraft['package'] {
  const name = textAt(location, 'dependency', 'package', 'name');
  return name === undefined ? undefined : { name, version: textAt(location, 'dependency', 'version') };
}

function urlOf(location: JsonObject): string | undefined {
  const host = textAt(location, 'hostname');
  if (host === undefined) return undefined;
  return host.replace(/\/$/, '') + (textAt(location, 'path') ?? '');
}

function symbolOf(location: JsonObject): string | undefined {
  const parts = [textAt(location, 'class'), textAt(location, 'method')].filter((part) => part !== undefined);
  return parts.length === 0 ? textAt(location, 'crash_state')?.split('\n', 1)[0] : parts.join('.');
}

/** A `location` of any of GitLab's report types. */
export function placeOfLocation(vulnerability: JsonObject): PlaceDraft {
  const location = objectAt(vulnerability, 'location') ?? {};
  const url = urlOf(location);
  const commit = textAt(location, 'commit', 'sha');
  return {
    file: textAt(location, 'file'),
    line: positionAt(location, 'start_line'),
    endLine: positionAt(location, 'end_line'),
    symbol: url === undefined ? symbolOf(location) : undefined,
    url,
    method: url === undefined ? undefined : textAt(location, 'method'),
    parameter: textAt(location, 'param'),
    image: textAt(location, 'image'),
    package: packageOf(location),
    // Seven noughts stand for "the files as they are".
    commit: commit === undefined || /^0+$/.test(commit) ? undefined : commit,
  };
}

import type { PlaceDraft } from '../build-reported-finding.ts';
import { type JsonObject, listAt, positionAt, textAt, valueAt } from '../json-fields.ts';

const BASES_MAX = 10;

/** RFC 8089: `file:///C:/src` is `C:/src`; some tools write more slashes than three. */
function withoutScheme(uri: string): string {
  const path = uri.replace(/^file:\/{3,10}/i, '/');
  return /^\/[a-z]:\//i.test(path) ? path.slice(1) : path;
}

/** §3.14.14: `%20` is a space; what is no URI is a name already. */
function decodeUri(written: string): string {
  const uri = withoutScheme(written);
  if (!uri.includes('%')) return uri;
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

function isAbsolute(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]{1,30}:/i.test(uri) || uri.startsWith('/');
}

/** The folders in which names are relative: a relative base is part of the name, an absolute one is left out of it. */
class UriBases {
  readonly #run: JsonObject;
  readonly #prefixes = new Map<string, string>();
  readonly #roots: readonly string[];

  constructor(run: JsonObject) {
    this.#run = run;
    const bases = valueAt(run, 'originalUriBaseIds');
    const uris = Object.values(typeof bases === 'object' && bases !== null ? bases : {}).map((base) =>
      textAt(base, 'uri'),
    );
    this.#roots = uris
      .filter((uri) => uri !== undefined)
      .filter((uri) => isAbsolute(uri) && uri.endsWith('/') && uri.length > 'file:///'.length)
      .slice(0, BASES_MAX);
  }

  #prefixOf(id: string): string {
    const known = this.#prefixes.get(id);
    if (known !== undefined) return known;
    const parts: string[] = [];
    let next: string | undefined = id;
    for (let level = 0; next !== undefined && level < BASES_MAX; level += 1) {
      const uri = textAt(this.#run, 'originalUriBaseIds', next, 'uri');
      if (uri === undefined || isAbsolute(uri)) break;
      parts.unshift(uri.endsWith('/') ? uri : `${uri}/`);
      next = textAt(this.#run, 'originalUriBaseIds', next, 'uriBaseId');
    }
    const prefix = parts.join('');
    this.#prefixes.set(id, prefix);
    return prefix;
  }

  resolve(uri: string, baseId: string | undefined): string {
    if (!isAbsolute(uri)) return decodeUri(baseId === undefined ? uri : `${this.#prefixOf(baseId)}${uri}`);
    const root = this.#roots.find((each) => uri.startsWith(each));
    return decodeUri(root === undefined ? uri : uri.slice(root.length));
  }
}

/** Reads places of one run. */
export class SarifPlaces {
  readonly #bases: UriBases;
  readonly #artifacts: readonly unknown[];
  readonly #logical: readonly unknown[];

  constructor(run: JsonObject) {
    this.#bases = new UriBases(run);
    this.#artifacts = listAt(run, 'artifacts');
    this.#logical = listAt(run, 'logicalLocations');
  }

  /** §3.4: the name, or that of the artifact which is meant by its number. */
  #nameOf(location: unknown): string | undefined {
    const index = valueAt(location, 'index');
    const artifact = typeof index === 'number' ? valueAt(this.#artifacts[index], 'location') : undefined;
    const uri = textAt(location, 'uri') ?? textAt(artifact, 'uri');
    const baseId = textAt(location, 'uriBaseId') ?? textAt(artifact, 'uriBaseId');
    return uri === undefined ? undefined : this.#bases.resolve(uri, baseId);
  }

  #symbolOf(location: unknown): string | undefined {
    const own = valueAt(location, 'logicalLocations', 0);
    const index = valueAt(own, 'index');
    const meant = typeof index === 'number' ? this.#logical[index] : undefined;
    const nameOf = (each: unknown) => textAt(each, 'fullyQualifiedName') ?? textAt(each, 'name');
    return nameOf(own) ?? nameOf(meant);
  }

  read(location: unknown): PlaceDraft {
    const physical = valueAt(location, 'physicalLocation');
    const region = valueAt(physical, 'region') ?? valueAt(physical, 'contextRegion');
    const name = this.#nameOf(valueAt(physical, 'artifactLocation'));
    const isWeb = name !== undefined && /^https?:/i.test(name);
    return {
      ...(isWeb ? { url: name } : { file: name }),
      line: positionAt(region, 'startLine'),
      column: positionAt(region, 'startColumn'),
      endLine: positionAt(region, 'endLine'),
      endColumn: positionAt(region, 'endColumn'),
      symbol: this.#symbolOf(location),
    };
  }
}

/** The text of the place itself, else that around it. */
export function snippetOf(location: unknown): string | undefined {
  return (
    textAt(location, 'physicalLocation', 'region', 'snippet', 'text') ??
    textAt(location, 'physicalLocation', 'contextRegion', 'snippet', 'text')
  );
}

import { hashWords } from './content-key.ts';
import type { NeighbourRequest } from './neighbours.ts';
import type { OrganisationRecord, OutgoingCall, RepositoryEntry } from './record.ts';

/** What a repository is to be judged together with. */
export interface CrossRequest {
  /** Empty when it stands alone. */
  readonly key: string;
  readonly neighbours: readonly NeighbourRequest[];
}

const CALLEES_MAX = 50;
const CALLERS_MAX = 20;
const ALONE: CrossRequest = { key: '', neighbours: [] };

interface Caller {
  readonly name: string;
  readonly call: OutgoingCall;
}

/** Callers that outsiders can start come first: what they hand over is what matters. */
function compareCallers(left: Caller, right: Caller): number {
  if (left.call.open !== right.call.open) return left.call.open ? -1 : 1;
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  return left.call.file < right.call.file ? -1 : 1;
}

/** An action is called by its folder; what is called may be any of these. */
function filesOf({ path }: OutgoingCall): string[] {
  if (/\.ya?ml$/.test(path)) return [path];
  const folder = path === '' ? '' : `${path}/`;
  return [`${folder}action.yml`, `${folder}action.yaml`];
}

function addFiles(files: Map<string, Set<string>>, name: string, added: readonly string[]): void {
  const known = files.get(name) ?? new Set<string>();
  for (const file of added) known.add(file);
  files.set(name, known);
}

/** Which repositories of the set call one another; each is then judged with what it calls and what calls it. */
export class CrossLinks {
  readonly #entries: ReadonlyMap<string, RepositoryEntry>;
  readonly #records: ReadonlyMap<string, OrganisationRecord>;
  /** Name by address; of several clones of one repository, the first. */
  readonly #names = new Map<string, string>();
  readonly #callers = new Map<string, Caller[]>();

  constructor(entries: readonly RepositoryEntry[], records: ReadonlyMap<string, OrganisationRecord>) {
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    this.#records = records;
    for (const { name, address } of entries) {
      if (address !== undefined && !this.#names.has(address)) this.#names.set(address, name);
    }
    for (const { name } of entries) {
      for (const call of records.get(name)?.links.calls ?? []) this.#addCaller(name, call);
    }
    for (const callers of this.#callers.values()) callers.sort(compareCallers);
  }

  #addCaller(name: string, call: OutgoingCall): void {
    const callee = this.nameOf(call.to);
    if (callee === undefined || callee === name) return;
    const callers = this.#callers.get(callee);
    if (callers === undefined) this.#callers.set(callee, [{ name, call }]);
    else callers.push({ name, call });
  }

  /** The repository of the set that others call so. */
  nameOf(address: string): string | undefined {
    return this.#names.get(address);
  }

  /** Calls of a repository's definitions from other repositories of the set. */
  callersOf(name: string): readonly Caller[] {
    return this.#callers.get(name) ?? [];
  }

  requestFor(name: string): CrossRequest {
    const files = new Map<string, Set<string>>();
    for (const call of this.#records.get(name)?.links.calls ?? []) {
      const callee = this.nameOf(call.to);
      if (callee === undefined || callee === name) continue;
      if (files.size < CALLEES_MAX || files.has(callee)) addFiles(files, callee, filesOf(call));
    }
    const callers = this.callersOf(name);
    for (const caller of callers.slice(0, CALLERS_MAX)) addFiles(files, caller.name, [caller.call.file]);
    if (files.size === 0) return ALONE;
    const neighbours = [...files].toSorted(([left], [right]) => (left < right ? -1 : 1));
    const keys = neighbours.flatMap(([each, read]) => [
      each,
      this.#records.get(each)?.key ?? '',
      ...[...read].sort(),
    ]);
    return {
      key: hashWords(keys),
      neighbours: neighbours.flatMap(([each, read]) => this.#request(each, [...read].sort())),
    };
  }

  #request(name: string, files: readonly string[]): NeighbourRequest[] {
    const entry = this.#entries.get(name);
    if (entry?.address === undefined) return [];
    return [{ address: entry.address, place: entry.place, files }];
  }
}

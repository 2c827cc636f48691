import type { Pin } from '../reference.ts';
import type { ImportUse } from '../surface.ts';
import { composeText } from './compose-text.ts';
import type { Unit } from './symbols.ts';
import { argumentOf, callsOf, constantOf, type Expression, firstArgument, itemsOfList } from './tree.ts';
import { visitTree } from './walk-tree.ts';

const COMMIT = /^[0-9a-f]{40}$/;
const VERSION = /^(?:[A-Za-z][\w-]{0,30}[-/])?v?\d{1,6}(?:\.\w{1,20}){0,5}(?:[-+][\w.]{1,40})?$/;

function pinOf(version: string | undefined): Pin {
  if (version === undefined) return 'none';
  // Whoever starts the build chooses.
  if (version.includes('$')) return 'branch';
  if (COMMIT.test(version)) return 'commit';
  return VERSION.test(version) ? 'tag' : 'branch';
}

/** `name@version` of a library; without a version the administrator's default branch is taken. */
function libraryOf(expression: Expression, unit: Unit, remote: string | undefined): ImportUse | undefined {
  if (expression.kind === 'closure') return undefined;
  const { text, inserted } = composeText(expression, unit.source);
  const at = text.value.lastIndexOf('@');
  const isWhole = inserted.some(({ outer }) => outer.start === 0);
  const name = at > 0 ? text.value.slice(0, at) : text.value;
  const version = at > 0 ? text.value.slice(at + 1) : undefined;
  return {
    kind: 'library',
    name: name.slice(0, 100),
    version,
    pin: isWhole ? 'computed' : pinOf(version),
    immutable: false,
    origin: remote === undefined ? 'own' : 'third-party',
    source: unit.source,
    span: expression,
  };
}

/** The address that `library identifier: 'x@y', retriever: …` takes it from. */
function remoteOf(expression: Expression | undefined): string | undefined {
  let remote: string | undefined;
  if (expression === undefined) return undefined;
  visitTree([expression], (each) => {
    const entries =
      each.kind === 'list'
        ? each.entries
        : each.kind === 'chain'
          ? callsOf(each).flatMap((call) => call.entries)
          : [];
    remote ??= constantOf(argumentOf(entries, 'remote') ?? argumentOf(entries, 'url'));
  });
  return remote;
}

/** Shared libraries: `@Library`, `library(…)`, `libraries { lib(…) }`. */
export function importsOf(unit: Unit): ImportUse[] {
  const found: ImportUse[] = [];
  const add = (expression: Expression | undefined, remote?: string): void => {
    const library = expression === undefined ? undefined : libraryOf(expression, unit, remote);
    if (library !== undefined && found.length < 200) found.push(library);
  };
  visitTree(unit.script.statements, (expression) => {
    if (expression.kind !== 'annotation' || expression.name !== 'Library') return;
    const value = argumentOf(expression.entries, 'value') ?? firstArgument(expression.entries);
    for (const each of itemsOfList(value)) add(each);
  });
  for (const call of unit.calls) {
    if (call.path === 'lib') add(firstArgument(call.entries));
    if (call.path !== 'library') continue;
    const identifier = argumentOf(call.entries, 'identifier') ?? firstArgument(call.entries);
    add(identifier, remoteOf(argumentOf(call.entries, 'retriever')));
  }
  return found;
}

import type { ActionReference, Pin } from '../reference.ts';
import type { SourceText } from '../source.ts';
import type { ImportUse } from '../surface.ts';
import type { ScalarNode } from '../yaml/node.ts';
import type { Library } from './library.ts';

/** `circleci/node@5.1.0`; an address since orbs may lie anywhere. */
interface OrbName {
  readonly name: string;
  readonly version: string | undefined;
  readonly pin: Pin;
  readonly immutable: boolean;
}

const EXACT = /^\d+\.\d+\.\d+$/;
const COMMIT = /(?:^|[/@-])[0-9a-f]{40}(?:[/?]|$)/;

function pinOf(version: string | undefined): Pin {
  if (version === undefined || version === 'volatile') return 'none';
  if (/<<|\$/.test(version)) return 'computed';
  return /^\d+(?:\.\d+){0,2}$/.test(version) ? 'tag' : 'branch';
}

function splitOrb(text: string): OrbName {
  if (/^https?:\/\//.test(text)) {
    const pin = COMMIT.test(text) ? 'commit' : 'none';
    return { name: text, version: undefined, pin, immutable: false };
  }
  const at = text.indexOf('@');
  const version = at === -1 ? undefined : text.slice(at + 1);
  const name = at === -1 ? text : text.slice(0, at);
  // CircleCI never lets a published version change; `dev:` versions and shorter ones move.
  return { name, version, pin: pinOf(version), immutable: version !== undefined && EXACT.test(version) };
}

/** The orbs of a file, those of orbs that are written in it among them. */
export function readOrbImports({ orbs }: Library, source: SourceText): ImportUse[] {
  return [...orbs.values()].flatMap((orb): ImportUse[] => {
    if (orb.kind === 'inline') return readOrbImports(orb.library, source);
    const { name, version, pin, immutable } = splitOrb(orb.node.value);
    const origin = name.startsWith('circleci/') ? 'platform' : 'third-party';
    return [{ kind: 'orb', name, version, pin, immutable, origin, source, span: orb.node }];
  });
}

/** A command or a job of an orb as what it is: somebody else's code. */
export function orbReference(orb: ScalarNode, part: string): ActionReference {
  const { name, version, pin } = splitOrb(orb.value);
  const repository = name.toLowerCase();
  const owner = repository.split('/')[0] ?? '';
  return { kind: 'repository', repository, owner, path: part, ref: version, pin, image: undefined };
}

import type { ActionReference, Pin } from '../reference.ts';
import { isNull } from '../yaml/access.ts';
import type { Configuration } from './configuration.ts';
import { textOf } from './inputs.ts';
import { type Merged, memberOf, wordOf } from './merged.ts';
import type { Include } from './model.ts';

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const VERSION = /^v?\d+\.\d+(?:\.\d+)?(?:[-+.].*)?$/;
const KINDS = ['project', 'remote', 'template', 'component', 'local'] as const;

export function pinOfRef(ref: string | undefined): Pin {
  if (ref === undefined || ref === '') return 'none';
  if (ref.includes('$')) return 'computed';
  if (COMMIT.test(ref)) return 'commit';
  return VERSION.test(ref) ? 'tag' : 'branch';
}

function pinOfComponent(text: string): Pin {
  const version = text.slice(text.lastIndexOf('@') + 1);
  if (!text.includes('@') || version === '~latest') return 'none';
  if (/^\d+(?:\.\d+)?$/.test(version)) return 'branch';
  return pinOfRef(version);
}

function pinOf(kind: Include['kind'], text: string, ref: string | undefined, integrity: boolean): Pin {
  switch (kind) {
    case 'local':
      return 'local';
    case 'template':
      // Part of the GitLab instance itself.
      return 'tag';
    case 'remote':
      return integrity
        ? 'digest'
        : (/[/=-]([0-9a-f]{40})(?:[/?]|$)/.exec(text)?.[1] ?? '')
          ? 'commit'
          : 'none';
    case 'component':
      return pinOfComponent(text);
    case 'project':
      break;
  }
  return pinOfRef(ref);
}

function readInclude(value: Merged, configuration: Configuration): Include | undefined {
  const { source } = value;
  const word = wordOf(value);
  const single = word !== undefined && !isNull(value.node);
  const kind = single
    ? /^https?:\/\//.test(word)
      ? 'remote'
      : 'local'
    : KINDS.find((each) => memberOf(value, each) !== undefined);
  const text = kind === undefined ? undefined : textOf(single ? value : memberOf(value, kind));
  if (kind === undefined || text === undefined || text.value === '') return undefined;
  const ref = textOf(memberOf(value, 'ref'));
  const integrity = wordOf(memberOf(value, 'integrity'));
  const files = configuration.items(memberOf(value, 'file')).flatMap((each) => wordOf(each) ?? []);
  const pin = pinOf(kind, text.value, ref?.value, integrity?.startsWith('sha256-') === true);
  const conditional = memberOf(value, 'rules') !== undefined;
  return { kind, text, files, ref, integrity, pin, conditional, source, span: text.node };
}

/** `include:` in all its forms: a path, an address, a mapping, a list of those. */
export function readIncludes(value: Merged | undefined, configuration: Configuration): Include[] {
  return configuration.items(value).flatMap((each) => readInclude(each, configuration) ?? []);
}

const NOWHERE = { repository: '', owner: '', path: '', ref: undefined, image: undefined };

/** What an include, or the project of a trigger, points at. */
export function toReference(include: Include): ActionReference {
  const path = include.text.value.replace(/^\/+/, '');
  if (include.kind === 'local') return { ...NOWHERE, kind: 'local', path, pin: 'local' };
  const [named = ''] = path.split('@');
  const repository = named.toLowerCase();
  const owner = repository.split('/')[0] ?? '';
  const ref = include.ref?.value;
  const file = include.files[0] ?? '';
  return { ...NOWHERE, kind: 'repository', repository, owner, path: file, ref, pin: include.pin };
}

export function projectReference(project: string, ref: string | undefined): ActionReference {
  const repository = project.toLowerCase();
  const owner = repository.split('/')[0] ?? '';
  const kind = project.includes('$') ? 'computed' : 'repository';
  return { ...NOWHERE, kind, repository, owner, ref, pin: pinOfRef(ref) };
}

import { entriesOf, isGitAuthSecret } from '../kubernetes/containers.ts';
import { type Context, distinctCredentials } from '../kubernetes/flow.ts';
import { valueAt, wordAt, wordNode } from '../kubernetes/manifest.ts';
import type { SourceText } from '../source.ts';
import type { CredentialUse, StoreUse } from '../surface.ts';
import { asBoolean, findValue } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/node.ts';
import { toText } from './expressions.ts';

/** What a workspace of a run is. */
interface Binding {
  readonly credentials: readonly CredentialUse[];
  readonly caches: readonly StoreUse[];
}

export type Bindings = ReadonlyMap<string, Binding>;

function readBinding(workspace: YamlNode, source: SourceText): Binding {
  const secrets = [
    wordNode(workspace, 'secret', 'secretName'),
    ...entriesOf(valueAt(workspace, 'projected', 'sources')).map((each) => wordNode(each, 'secret', 'name')),
  ];
  const credentials = secrets.flatMap((span): CredentialUse[] => {
    if (span === undefined) return [];
    const named = isGitAuthSecret(span.value)
      ? ({ kind: 'platform-token', name: 'git_auth_secret' } as const)
      : ({ kind: 'secret', name: span.value } as const);
    return [{ ...named, scope: 'job', source, span }];
  });
  const claim = wordNode(workspace, 'persistentVolumeClaim', 'claimName');
  if (claim === undefined) return { credentials, caches: [] };
  const readOnly = asBoolean(valueAt(workspace, 'persistentVolumeClaim', 'readOnly')) === true;
  const folder = wordAt(workspace, 'subPath');
  return {
    credentials,
    caches: [
      {
        key: toText(claim, source),
        access: readOnly ? 'read' : 'both',
        paths: folder === undefined ? [] : [folder],
        source,
        span: claim,
      },
    ],
  };
}

/** The workspaces of a run, by name. */
export function readBindings(spec: YamlNode | undefined, source: SourceText): Bindings {
  const bindings = new Map<string, Binding>();
  for (const workspace of entriesOf(findValue(spec, 'workspaces'))) {
    const name = wordAt(workspace, 'name');
    if (name !== undefined) bindings.set(name, readBinding(workspace, source));
  }
  return bindings;
}

/** What a task has of them: those that it names, or all of them when there is no pipeline between. */
export function bindWorkspaces(
  task: YamlNode | undefined,
  bindings: Bindings,
  context: Context,
): Pick<Context, 'credentials' | 'caches' | 'approvals'> {
  const names =
    task === undefined
      ? [...bindings.keys()]
      : entriesOf(findValue(task, 'workspaces')).map(
          (each) => wordAt(each, 'workspace') ?? wordAt(each, 'name') ?? '',
        );
  const bound = names.flatMap((name) => bindings.get(name) ?? []);
  return {
    credentials: distinctCredentials([
      ...context.credentials,
      ...bound.flatMap(({ credentials }) => credentials),
    ]),
    caches: bound.flatMap(({ caches }) => caches),
    approvals: context.approvals,
  };
}

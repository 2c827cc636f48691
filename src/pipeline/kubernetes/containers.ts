import type { ImageUse, Script, Variable } from '../model.ts';
import { parseImageReference } from '../reference.ts';
import type { SourceText } from '../source.ts';
import type { CredentialUse, PrivilegeUse } from '../surface.ts';
import { type ExpressionReader, readText, Text } from '../text.ts';
import { asBoolean, asScalar, findEntry, findValue, itemsOf, scalarsOf } from '../yaml/access.ts';
import type { ScalarNode, YamlNode } from '../yaml/node.ts';
import { valueAt, wordAt, wordNode } from './manifest.ts';

const LIST_MAX = 1000;

const none: ExpressionReader = () => [];

export function entriesOf(node: YamlNode | undefined): readonly YamlNode[] {
  return itemsOf(node).slice(0, LIST_MAX);
}

/** `env:` as a list of names with values. */
export function readEnv(
  container: YamlNode | undefined,
  source: SourceText,
  read: ExpressionReader,
): Variable[] {
  return entriesOf(findValue(container, 'env')).flatMap((node) => {
    const key = wordNode(node, 'name');
    if (key === undefined) return [];
    return [{ name: key.value, key, value: readText(findValue(node, 'value'), source, read), node }];
  });
}

export function readContainerImage(
  container: YamlNode | undefined,
  source: SourceText,
  read: ExpressionReader,
): ImageUse | undefined {
  const node = wordNode(container, 'image');
  if (node === undefined) return undefined;
  const text = new Text(node, source, read);
  const parsed = parseImageReference(node.value);
  const computed = parsed.pin !== 'digest' && !text.isConstant;
  return { node, text, reference: computed ? { ...parsed, pin: 'computed' } : parsed, credentials: [] };
}

/** The token with which Pipelines as Code reads the repository. */
export function isGitAuthSecret(name: string): boolean {
  return /^\{\{\s*git_auth_secret\s*\}\}$/.test(name.slice(0, 60));
}

/** Secrets that a container reads into its environment. */
export function readEnvCredentials(container: YamlNode | undefined, source: SourceText): CredentialUse[] {
  const shared = { source, scope: 'step' } as const;
  const single = entriesOf(findValue(container, 'env')).flatMap((entry) => {
    const reference = valueAt(entry, 'valueFrom', 'secretKeyRef');
    const node = wordNode(reference, 'name');
    const name = [node?.value, wordAt(reference, 'key')].filter((part) => part !== undefined).join('/');
    if (node === undefined) return [];
    const kind = isGitAuthSecret(node.value) ? 'platform-token' : 'secret';
    return [{ ...shared, kind, name: kind === 'secret' ? name : 'git_auth_secret', span: node } as const];
  });
  const groups = entriesOf(findValue(container, 'envFrom')).flatMap((entry) => {
    const node = wordNode(entry, 'secretRef', 'name');
    return node === undefined
      ? []
      : [{ ...shared, kind: 'secret-group' as const, name: node.value, span: node }];
  });
  return [...single, ...groups];
}

function credentialOfVolume(volume: YamlNode): { kind: CredentialUse['kind']; node: ScalarNode } | undefined {
  const secret = wordNode(volume, 'secret', 'secretName');
  if (secret !== undefined) return { kind: 'secret', node: secret };
  for (const part of entriesOf(valueAt(volume, 'projected', 'sources'))) {
    const projected = wordNode(part, 'secret', 'name');
    if (projected !== undefined) return { kind: 'secret', node: projected };
    const token = findEntry(part, 'serviceAccountToken');
    const key = asScalar(token?.key);
    if (key !== undefined) {
      const audience = wordNode(token?.value, 'audience');
      return { kind: 'identity-token', node: audience ?? key };
    }
  }
  const driver = wordNode(volume, 'csi', 'driver');
  const provider = wordNode(volume, 'csi', 'volumeAttributes', 'secretProviderClass');
  return driver === undefined || provider === undefined
    ? undefined
    : { kind: 'secret-group', node: provider };
}

/** Volumes of secrets, when one of the containers mounts them. */
export function readVolumeCredentials(
  volumes: YamlNode | undefined,
  containers: readonly YamlNode[],
  source: SourceText,
): CredentialUse[] {
  const mounted = new Set(
    containers.flatMap((container) =>
      entriesOf(findValue(container, 'volumeMounts')).flatMap((mount) => wordAt(mount, 'name') ?? []),
    ),
  );
  return entriesOf(volumes).flatMap((volume) => {
    const found = mounted.has(wordAt(volume, 'name') ?? '') ? credentialOfVolume(volume) : undefined;
    if (found === undefined) return [];
    return [{ kind: found.kind, name: found.node.value, scope: 'job', source, span: found.node }];
  });
}

const STRONG_CAPABILITY = /^(?:CAP_)?(?:SYS_ADMIN|SYS_MODULE|SYS_PTRACE|SYS_RAWIO|DAC_READ_SEARCH|BPF|ALL)$/i;

/** What a container may do beyond what a box allows. */
export function readContainerPrivileges(container: YamlNode | undefined, source: SourceText): PrivilegeUse[] {
  const context = findValue(container, 'securityContext');
  const privileges: PrivilegeUse[] = [];
  const privileged = findEntry(context, 'privileged');
  if (privileged !== undefined && asBoolean(privileged.value) === true) {
    const span = { start: privileged.key.start, end: privileged.value.end };
    privileges.push({ kind: 'privileged', what: 'a privileged container', source, span });
  }
  for (const node of scalarsOf(valueAt(context, 'capabilities', 'add'))) {
    if (!STRONG_CAPABILITY.test(node.value)) continue;
    privileges.push({ kind: 'privileged', what: `the capability ${node.value}`, source, span: node });
  }
  const user = wordNode(context, 'runAsUser');
  if (user?.value === '0') {
    privileges.push({ kind: 'root', what: 'a container that runs as root', source, span: user });
  }
  return privileges;
}

const SOCKET = /(?:docker|containerd|crio|podman)(?:\.sock|\/?$)/;

/** What the pod shares with the machine that it runs on. */
export function readPodPrivileges(
  pod: YamlNode | undefined,
  volumes: YamlNode | undefined,
  source: SourceText,
): PrivilegeUse[] {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).flatMap((name): PrivilegeUse[] => {
    const entry = findEntry(pod, name);
    if (entry === undefined || asBoolean(entry.value) !== true) return [];
    const span = { start: entry.key.start, end: entry.value.end };
    return [{ kind: 'host-network', what: `the machine’s own ${HOST_WORDS[name]}`, source, span }];
  });
  const paths = entriesOf(volumes).flatMap((volume): PrivilegeUse[] => {
    const node = wordNode(volume, 'hostPath', 'path');
    if (node === undefined) return [];
    const isSocket = SOCKET.test(node.value.slice(0, 200));
    return [{ kind: isSocket ? 'docker-socket' : 'host-path', what: node.value, source, span: node }];
  });
  return [...shared, ...paths];
}

const HOST_WORDS = { hostNetwork: 'network', hostPID: 'processes', hostIPC: 'shared memory' } as const;

const INTERPRETER = /^(?:.*\/)?((?:ba|da|a|k|z)?sh|python[\d.]*|node|perl|ruby|pwsh|powershell)$/;
/** `-c`, `-euxc`, `-lc`; the languages that are no shells take `-e`. */
const SHELL_OPTION = /^-[a-zA-Z]{0,10}c[a-zA-Z]{0,4}$/;
const OTHER_OPTION = /^-(?:e|Command|command)$/;
const SHELL_OR_PYTHON = /sh$|python[\d.]*$/;

/** `command: [sh, -c]` with the script behind it, which may stand in `args:`. */
export function findInlineScript(
  container: YamlNode | undefined,
): { readonly interpreter: ScalarNode; readonly script: ScalarNode } | undefined {
  const words = [...scalarsOf(findValue(container, 'command')), ...scalarsOf(findValue(container, 'args'))];
  const [interpreter] = words;
  if (interpreter === undefined || !INTERPRETER.test(interpreter.value.slice(0, 100))) return undefined;
  const pattern = SHELL_OR_PYTHON.test(interpreter.value) ? SHELL_OPTION : OTHER_OPTION;
  const option = words.findIndex(
    ({ value }, index) => index > 0 && index < 8 && value.length < 20 && pattern.test(value),
  );
  const script = option === -1 ? undefined : words[option + 1];
  return script === undefined ? undefined : { interpreter, script };
}

/** Every word that a container hands to its program. */
export function readWords(
  container: YamlNode | undefined,
  source: SourceText,
  read: ExpressionReader,
): Text[] {
  return ['command', 'args'].flatMap((key) =>
    scalarsOf(findValue(container, key))
      .slice(0, LIST_MAX)
      .map((node) => new Text(node, source, read)),
  );
}

const SHEBANG = /^#![ \t]*(?:\S*\/)?(?:env[ \t]+(?:-S[ \t]+)?)?([\w.+-]{1,40})/;
const SHELL = /^(?:ba|da|a|k|z)?sh$/;

/** What a script is written in, when it is no shell; it stands where the script does. */
export function languageOf(script: Text, interpreter?: ScalarNode): Text | undefined {
  const named = interpreter?.value ?? SHEBANG.exec(script.value.slice(0, 200))?.[1];
  const program = named?.split('/').at(-1);
  if (program === undefined || SHELL.test(program)) return undefined;
  const node = interpreter ?? script.node;
  return new Text({ ...node, value: program, exact: false }, script.source, none);
}

export function toScript(node: ScalarNode, source: SourceText, read: ExpressionReader): Script {
  const text = new Text(node, source, read);
  return { kind: 'script', text, shell: languageOf(text), workingDirectory: undefined };
}

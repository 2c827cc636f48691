import type { Place, PrivilegeUse } from '../surface.ts';
import type { Text } from '../text.ts';

type Row = readonly [pattern: RegExp, kind: PrivilegeUse['kind'], what: string];

/** Options of `docker run` that open the container. */
const DOCKER_OPTIONS: readonly Row[] = [
  [/--privileged\b(?!=false)|--cap-add[= ](?:ALL|SYS_ADMIN)\b/, 'privileged', '--privileged'],
  [
    /\/var\/run\/docker\.sock|\/run\/containerd\/containerd\.sock/,
    'docker-socket',
    'the socket of the docker daemon',
  ],
  [/(?:-v|--volume)[= ]["']?\/(?:etc|root|home|proc|sys|host)?:/, 'host-path', 'a folder of the agent'],
  [/--(?:net|network)[= ]["']?host\b/, 'host-network', 'the network of the agent'],
  [/(?:^|\s)(?:-u|--user)[= ]?["']?(?:root|0)(?:\b|:)/, 'root', 'the user root'],
];

/** The same in the definition of a pod. */
const POD_LINES: readonly Row[] = [
  [/^[\s-]*privileged:\s*true\b/, 'privileged', 'privileged: true'],
  [/^[\s-]*path:\s*["']?(?:\/var)?\/run\/docker\.sock/, 'docker-socket', 'the socket of the docker daemon'],
  [/^[\s-]*hostPath:/, 'host-path', 'a folder of the machine'],
  [/^[\s-]*hostNetwork:\s*true\b/, 'host-network', 'the network of the machine'],
];

const LINES_MAX = 2000;
const LINE_MAX = 2000;

function findIn(text: Text, rows: readonly Row[], isAsked: (line: string) => boolean): PrivilegeUse[] {
  const uses: PrivilegeUse[] = [];
  let at = 0;
  for (const line of text.value.split('\n', LINES_MAX)) {
    const shown = line.slice(0, LINE_MAX);
    for (const [pattern, kind, what] of isAsked(shown) ? rows : []) {
      const match = pattern.exec(shown);
      if (match === null) continue;
      const start = at + match.index;
      uses.push({ kind, what, source: text.source, span: text.span(start, start + match[0].length) });
    }
    at += line.length + 1;
  }
  return uses;
}

/** Of a container that Jenkins starts: `args`, `inside('…')`. */
export function privilegesOfOptions(text: Text): PrivilegeUse[] {
  // Agents start such containers for one build, and nearly all of them as root: no news.
  return findIn(text, DOCKER_OPTIONS, () => true);
}

/** Of containers that a script starts itself. */
export function privilegesOfScript(text: Text): PrivilegeUse[] {
  return findIn(text, DOCKER_OPTIONS.slice(0, 4), (line) =>
    /\b(?:docker|podman)\b.{0,40}\b(?:run|create)\b/.test(line),
  );
}

export function privilegesOfPod(text: Text): PrivilegeUse[] {
  return findIn(text, POD_LINES, () => true);
}

const CONTROLLER = /^(?:master|built-in|\(built-in\)|controller)$/;

/** The controller holds all credentials and the configuration of every job. */
export function privilegeOfLabel(label: string, place: Place): PrivilegeUse[] {
  return CONTROLLER.test(label.trim()) ? [{ kind: 'controller', what: label, ...place }] : [];
}

import type { Platform, Variable } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { findValue } from '#pipeline/yaml/access.ts';
import type { RepositoryContext } from '../../rule.ts';
import { shellLinesOf } from '../../shared/shell-lines.ts';
import { type SharedScript, sharedScripts } from '../../shared/surface-jobs.ts';
import { isCredentialName } from '../../shared/surface-credentials.ts';
import { findLeak, type Leak, sendsEnvironment } from './leaks.ts';

const VARIABLE = /\$[{(]?([A-Za-z_]\w{0,99})/g;

interface Named {
  readonly name: string;
  /** The definition itself says that it is a secret; otherwise only its name does. */
  readonly known: boolean;
}

/** The secret that a line names. */
function findNamed(code: string, known: ReadonlySet<string>): Named | undefined {
  const names = [...code.matchAll(VARIABLE)].map(([, name]) => name ?? '');
  const name = names.find((each) => known.has(each)) ?? names.find(isCredentialName);
  return name === undefined ? undefined : { name, known: known.has(name) };
}

/** Nothing reads the logs of these before they are stored. */
const WITHOUT_MASKS: ReadonlySet<Platform> = new Set(['tekton', 'argo']);

/** In a cluster the variable has a name of its own: `valueFrom: { secretKeyRef: … }`. */
function isFromSecret({ node }: Variable): boolean {
  return findValue(findValue(node, 'valueFrom'), 'secretKeyRef') !== undefined;
}

function storedNames({ jobs }: SharedScript): ReadonlySet<string> {
  return new Set(
    jobs.flatMap(({ job, surface }) => [
      ...surface.credentials.filter(({ kind }) => kind === 'secret').map(({ name }) => name),
      ...[job.env, ...job.steps.map(({ env }) => env)]
        .flat()
        .filter(isFromSecret)
        .map(({ name }) => name),
    ]),
  );
}

/** What only the mask of the log hides stands there for everybody where there are none. */
function withoutMasks(leak: Leak, isKnown: boolean): Leak {
  if (leak.persona !== 'pedantic') return leak;
  const bare = { ...leak, what: 'is printed, and no mask of the log hides it' };
  return isKnown ? { ...bare, severity: 'medium', confidence: 'high', persona: 'regular' } : bare;
}

function checkScript(shared: SharedScript, context: RepositoryContext): void {
  const { text } = shared.script;
  const known = storedNames(shared);
  const isBare = shared.jobs.some(({ job }) => WITHOUT_MASKS.has(job.pipeline.platform));
  for (const { code, locate } of shellLinesOf(text)) {
    const at = locate(code.length - code.trimStart().length, code.trimEnd().length);
    if (sendsEnvironment(code)) {
      context.reportIn(text.source, {
        at,
        message: 'every variable of the step is sent away',
        severity: 'critical',
      });
      continue;
    }
    const leak = findLeak(code);
    const secret = leak === undefined ? undefined : findNamed(code, known);
    if (leak === undefined || secret === undefined) continue;
    const { what, ...verdict } = isBare ? withoutMasks(leak, secret.known) : leak;
    context.reportIn(text.source, {
      at,
      message: `${secret.name} ${what}`,
      ...verdict,
      confidence: secret.known ? verdict.confidence : 'medium',
      remedy:
        'Remove the line and change the secret. Hand secrets to programs as variables of the one step or by standard input, and look at them nowhere but where they are stored.',
    });
  }
}

/** The same on the platforms whose jobs say what they hold. */
export function reportOnSurfaces(repository: Repository, context: RepositoryContext): void {
  for (const shared of sharedScripts(repository)) {
    // A block or function whose output goes to a file prints nothing, whatever its lines look like.
    if (/^[ \t]*[})][ \t]*(?:\||\d?>)/m.test(shared.script.text.value.slice(0, 100_000))) continue;
    checkScript(shared, context);
  }
}

import type { PipelineAccess } from '#api/pipeline-access.ts';
import type {
  DecisionFilter,
  DecisionIndex,
  DecisionShape,
  IndexedDecision,
} from '#audit/decision-index/ports.ts';
import { ALL_REPOSITORIES } from '#core/repository-scope.ts';
import { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { PipelineDetail } from '#inventory/ports.ts';
import { momentOf, momentOrNull } from '../views.ts';
import type { InventoryHandlerOptions } from './inventory.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;
const WORKFLOWS_MAX = 200;
const SHAPES_MAX = 1_000;
const DECISIONS_MAX = 1_000;
const RUNS_MAX = 50;
/** Each asks the policy engine, and maybe for a posture: a page waits for no more. */
const QUESTIONS_MAX = 200;
const IDENTITIES_MAX = 3;
const ASKING_MS_MAX = 1_500;

/** What tokens call this definition: `acme/shop/.github/workflows/ci.yml`, `host/acme/shop//.gitlab-ci.yml`. */
async function namesOf(
  { point: { repository }, file }: PipelineDetail,
  decisions: DecisionIndex,
  fromMs: number,
): Promise<readonly string[]> {
  const top = await decisions.top({ scope: ALL_REPOSITORIES, repository, fromMs }, 'workflow', WORKFLOWS_MAX);
  return top
    .map(({ value }) => value)
    .filter(
      (value) => value === file || value.endsWith(`${repository}/${file}`) || value.endsWith(`//${file}`),
    );
}

type Resources = PipelineAccess['resources'];

function countResources(shapes: readonly DecisionShape[], stored: ReadonlyMap<string, boolean>): Resources {
  const groups = Map.groupBy(
    shapes.filter(({ resource }) => resource !== undefined),
    ({ resource }) => resource ?? '',
  );
  return [...groups].map(([name, same]) => {
    const sum = (count: (shape: DecisionShape) => number) =>
      same.reduce((total, shape) => total + count(shape), 0);
    const lastMs = same.map((shape) => shape.lastMs).reduce((a, b) => Math.max(a, b), 0);
    return {
      name,
      issued: sum(({ outcomes }) => outcomes.issued + outcomes.allowed),
      denied: sum(({ outcomes }) => outcomes.denied),
      lastAt: momentOrNull(lastMs === 0 ? undefined : lastMs),
      storedSecret: stored.get(name) === true,
    };
  });
}

function groupRuns(decisions: readonly IndexedDecision[]): PipelineAccess['runs'] {
  const groups = Map.groupBy(
    decisions.filter(({ run }) => run !== undefined),
    ({ run }) => run ?? '',
  );
  return [...groups].slice(0, RUNS_MAX).flatMap(([run, same]) => {
    const [newest] = same;
    if (newest === undefined) return [];
    return [
      {
        run,
        at: momentOf(newest.timeMs),
        ref: newest.ref ?? null,
        commit: newest.commit ?? null,
        decisions: same.length,
        denied: same.filter(({ outcome }) => outcome === 'denied').length,
        decision: newest.id,
      },
    ];
  });
}

/** Identities that the pipeline showed last, as they were decided upon. */
function identitiesOf(shapes: readonly DecisionShape[]): WorkloadIdentity[] {
  const distinct = new Map(
    shapes.map((shape) => [`${shape.ref}\n${shape.environment}\n${shape.trigger}`, shape]),
  );
  return [...distinct.values()].slice(0, IDENTITIES_MAX).flatMap(({ latest }) => {
    const parsed = WorkloadIdentity.safeParse(latest.body['identity']);
    return parsed.success ? [parsed.data] : [];
  });
}

interface Unused {
  readonly names: readonly string[];
  readonly complete: boolean;
}

/** Resources that the policies in force would let it have, and that it did not ask for. */
async function findUnused(
  shapes: readonly DecisionShape[],
  used: ReadonlySet<string>,
  { broker, clock }: InventoryHandlerOptions,
): Promise<Unused> {
  const untilMs = clock.nowMs() + ASKING_MS_MAX;
  const resources = broker.configurationStatus().resources.map(({ name }) => name);
  const questions = identitiesOf(shapes).flatMap((identity) =>
    resources.filter((name) => !used.has(name)).map((name) => ({ identity, name })),
  );
  const found = new Set<string>();
  for (const { identity, name } of questions.slice(0, QUESTIONS_MAX)) {
    if (clock.nowMs() > untilMs) return { names: [...found], complete: false };
    if (found.has(name)) continue;
    const { decision } = await broker.simulate({ identity }, name);
    if (decision?.outcome === 'allow') found.add(name);
  }
  return { names: [...found], complete: questions.length <= QUESTIONS_MAX };
}

/** What a pipeline used in the last days, and what else it could have taken. What is inferred says so. */
export async function findPipelineAccess(
  detail: PipelineDetail,
  options: InventoryHandlerOptions,
): Promise<PipelineAccess> {
  const { decisions, broker, clock } = options;
  const fromMs = clock.nowMs() - DAYS * DAY_MS;
  const { repository } = detail.point;
  const names = await namesOf(detail, decisions, fromMs);
  const filters = names.map(
    (workflow): DecisionFilter => ({ scope: ALL_REPOSITORIES, repository, workflow, fromMs }),
  );
  const shapes = (await Promise.all(filters.map((each) => decisions.shapes(each, SHAPES_MAX)))).flat();
  const recent = (
    await Promise.all(filters.map((each) => decisions.search(each, { limit: DECISIONS_MAX })))
  ).flat();
  const stored = new Map(
    broker.configurationStatus().resources.map((each) => [each.name, each.storedSecret]),
  );
  const resources = countResources(shapes, stored);
  const used = new Set(resources.filter(({ issued }) => issued > 0).map(({ name }) => name));
  const unused = await findUnused(shapes, used, options);
  const secrets = [...new Set(detail.storedSecrets.map(({ name }) => name))];
  return {
    since: momentOf(fromMs),
    resources,
    runs: groupRuns(recent.toSorted((left, right) => right.sequence - left.sequence)),
    reachable: [
      ...[...used].map((name) => ({
        kind: 'resource' as const,
        name,
        used: true,
        because: 'decisions of this pipeline issued it',
      })),
      ...unused.names.map((name) => ({
        kind: 'resource' as const,
        name,
        used: false,
        because:
          'inferred: the policies in force would permit it to the identity that this pipeline showed last',
      })),
      ...secrets.map((name) => ({
        kind: 'stored-secret' as const,
        name,
        used: null,
        because: 'the definition names it; the platform hands it over without asking here',
      })),
    ],
    complete: unused.complete && shapes.length < SHAPES_MAX && recent.length < DECISIONS_MAX,
  };
}

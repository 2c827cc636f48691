import type { ActionUse, Step } from '../model.ts';
import { majorVersionOf } from './action-version.ts';

/** Whether an action reads or writes the cache that all branches below share. */
interface CacheUser {
  readonly repository: string;
  readonly path?: string;
  uses(input: (name: string) => string | undefined, use: ActionUse): boolean;
}

const always = () => true;
/** A cache that is on when the input names something. */
const named =
  (input: string) =>
  (read: (name: string) => string | undefined): boolean =>
    !['', 'false', undefined].includes(read(input));
/** A cache that is on unless the input says no. */
const unlessOff =
  (input: string) =>
  (read: (name: string) => string | undefined): boolean =>
    read(input) !== 'false';

/** From each action's own description of its inputs. */
const USERS: readonly CacheUser[] = [
  { repository: 'actions/cache', uses: always },
  { repository: 'actions/setup-node', uses: named('cache') },
  { repository: 'oven-sh/setup-bun', uses: (read) => read('no-cache') !== 'true' },
  {
    // The program itself is kept, from the version on that is named.
    repository: 'docker/setup-buildx-action',
    uses: (read) => named('version')(read) && unlessOff('cache-binary')(read),
  },
  { repository: 'actions/setup-python', uses: named('cache') },
  { repository: 'actions/setup-java', uses: named('cache') },
  { repository: 'actions/setup-dotnet', uses: named('cache') },
  {
    repository: 'actions/setup-go',
    uses: (read, use) => (majorVersionOf(use) ?? 4) >= 4 && unlessOff('cache')(read),
  },
  { repository: 'ruby/setup-ruby', uses: named('bundler-cache') },
  { repository: 'swatinem/rust-cache', uses: always },
  { repository: 'mozilla-actions/sccache-action', uses: always },
  { repository: 'hendrikmuhs/ccache-action', uses: always },
  { repository: 'gradle/actions', path: 'setup-gradle', uses: (read) => read('cache-disabled') !== 'true' },
  { repository: 'gradle/gradle-build-action', uses: (read) => read('cache-disabled') !== 'true' },
  { repository: 'astral-sh/setup-uv', uses: unlessOff('enable-cache') },
  { repository: 'pnpm/action-setup', uses: (read) => read('cache') === 'true' },
  {
    repository: 'docker/build-push-action',
    uses: (read) => /type=gha/.test(`${read('cache-from') ?? ''}${read('cache-to') ?? ''}`),
  },
  { repository: 'docker/bake-action', uses: (read) => /type=gha/.test(read('set') ?? '') },
  { repository: 'actions-rust-lang/setup-rust-toolchain', uses: unlessOff('cache') },
  { repository: 'moonrepo/setup-rust', uses: unlessOff('cache') },
  { repository: 'jdx/mise-action', uses: unlessOff('cache') },
  { repository: 'denoland/setup-deno', uses: (read) => read('cache') === 'true' },
  { repository: 'subosito/flutter-action', uses: (read) => read('cache') === 'true' },
  { repository: 'mamba-org/setup-micromamba', uses: (read) => read('cache-environment') === 'true' },
  { repository: 'golangci/golangci-lint-action', uses: (read) => read('skip-cache') !== 'true' },
  { repository: 'ramsey/composer-install', uses: (read) => read('ignore-cache') !== 'yes' },
  { repository: 'baptiste0928/cargo-install', uses: always },
  { repository: 'taiki-e/cache-cargo-install-action', uses: always },
  { repository: 'awalsh128/cache-apt-pkgs-action', uses: always },
  { repository: 'bahmutov/npm-install', uses: always },
  { repository: 'coursier/cache-action', uses: always },
  { repository: 'julia-actions/cache', uses: always },
];

export interface CacheUse {
  readonly use: ActionUse;
  /** True when nothing is written back. */
  readonly readsOnly: boolean;
}

/** The cache that a step uses; undefined when it uses none. */
export function cacheUseOf(step: Step): CacheUse | undefined {
  const { work } = step;
  if (work.kind !== 'action') return undefined;
  const { repository, path } = work.reference;
  const user = USERS.find(
    (each) => each.repository === repository && (each.path === undefined || each.path === path),
  );
  const input = (name: string) => work.inputs.find((each) => each.name.toLowerCase() === name)?.value?.value;
  if (user === undefined || !user.uses(input, work)) return undefined;
  return { use: work, readsOnly: repository === 'actions/cache' && path === 'restore' };
}

/** Whether a step only saves: what it reads cannot be poisoned. */
export function savesOnly(use: ActionUse): boolean {
  return use.reference.repository === 'actions/cache' && use.reference.path === 'save';
}

/**
 * From its fifth version on this action caches by itself where `package.json` names the package manager, which no
 * workflow shows. Undefined where the cache is asked for, or is turned off.
 */
export function automaticCacheOf({ work }: Step): ActionUse | undefined {
  if (work.kind !== 'action' || work.reference.repository !== 'actions/setup-node') return undefined;
  const input = (name: string) => work.inputs.find((each) => each.name.toLowerCase() === name)?.value?.value;
  const isOpen = input('cache') === undefined && input('package-manager-cache') !== 'false';
  return isOpen && (majorVersionOf(work) ?? 0) >= 5 ? work : undefined;
}

import type { SourceText } from '../source.ts';
import type { CredentialUse, StoreUse } from '../surface.ts';
import { asScalar, scalarsOf } from '../yaml/access.ts';
import { memberOf } from '../yaml/merge-keys.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { RawStep } from './expand-steps.ts';
import type { Resolver } from './scope.ts';

const PATHS_MAX = 100;

function words(node: YamlNode | undefined): string[] {
  return scalarsOf(node)
    .slice(0, PATHS_MAX)
    .map(({ value }) => value);
}

/** `save_cache` writes under one key, `restore_cache` tries several, each as a prefix. */
export function readCaches(steps: readonly RawStep[], resolver: Resolver): StoreUse[] {
  return steps.flatMap(({ name, key: span, value }): StoreUse[] => {
    const { source } = resolver;
    if (name === 'save_cache') {
      const key = resolver.textOf(memberOf(value, 'key'));
      return [{ source, span, key, access: 'write', paths: words(memberOf(value, 'paths')) }];
    }
    if (name !== 'restore_cache') return [];
    const keys = [memberOf(value, 'key'), memberOf(value, 'keys')].flatMap((node) => scalarsOf(node));
    return keys
      .slice(0, PATHS_MAX)
      .map((each) => ({ source, span, key: resolver.textOf(each), access: 'read', paths: [] }));
  });
}

/** What others may download, and what later jobs of the workflow take over. */
export function readArtifacts(steps: readonly RawStep[], resolver: Resolver): StoreUse[] {
  return steps.flatMap(({ name, key: span, value }): StoreUse[] => {
    const shared = { source: resolver.source, span, key: undefined };
    switch (name) {
      case 'store_artifacts':
      case 'store_test_results':
        return [{ ...shared, access: 'write', paths: words(memberOf(value, 'path')) }];
      case 'persist_to_workspace':
        return [{ ...shared, access: 'write', paths: words(memberOf(value, 'paths')) }];
      case 'attach_workspace':
        return [{ ...shared, access: 'read', paths: words(memberOf(value, 'at')) }];
      default:
        return [];
    }
  });
}

/** `add_ssh_keys` takes all additional keys of the project when it names none. */
export function readSshKeys(steps: readonly RawStep[], source: SourceText): CredentialUse[] {
  return steps
    .filter(({ name }) => name === 'add_ssh_keys')
    .map(({ key, value }) => {
      const [fingerprint] = scalarsOf(memberOf(value, 'fingerprints'));
      const name = fingerprint === undefined ? 'SSH keys of the project' : 'SSH key';
      return { kind: 'secret', name, scope: 'step', source, span: asScalar(fingerprint) ?? key };
    });
}

import { rules } from '#scan/rules.generated.ts';
import { inspectDefinitions } from '../inspect-definitions.ts';
import type { InspectionThreads } from '../inspection-threads.ts';

/** Inspects where it is called, and counts how often. */
export function createDirectThreads(): InspectionThreads & { readonly inspected: { count: number } } {
  const inspected = { count: 0 };
  return {
    inspected,
    async inspect(task, signal) {
      signal.throwIfAborted();
      inspected.count += 1;
      return inspectDefinitions(structuredClone(task), rules);
    },
    ready: async () => {},
    close: async () => {},
  };
}

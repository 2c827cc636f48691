import type { WitnessStore } from './ports.ts';
import type { TreeHead } from './proofs.ts';

/** A witness's memory that lasts as long as a test. */
export class MemoryWitnessStore implements WitnessStore {
  readonly heads = new Map<string, TreeHead>();

  lastWitnessed(origin: string): Promise<TreeHead | undefined> {
    return Promise.resolve(this.heads.get(origin));
  }

  witness(origin: string, fromSize: number, head: TreeHead): Promise<boolean> {
    if ((this.heads.get(origin)?.size ?? 0) !== fromSize) return Promise.resolve(false);
    this.heads.set(origin, head);
    return Promise.resolve(true);
  }
}

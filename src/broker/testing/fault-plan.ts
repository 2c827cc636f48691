import { AppError } from '#core/errors.ts';
import { StoreError } from '#core/store-error.ts';

/**
 * What happens at one awaited step: it fails without effect, it has its effect but the answer is lost, or the
 * process dies before or after the effect (then nothing of that server ever goes on).
 */
export const faultModes = ['fail', 'fail-after', 'crash', 'crash-after'] as const;
export type FaultMode = (typeof faultModes)[number];

export interface Fault {
  /** Counted from 0 over all awaited steps of one server. */
  step: number;
  mode: FaultMode;
}

export interface FaultPlan {
  /** Steps that were taken so far, by name. */
  readonly steps: readonly string[];
  /** Resolves when the server died. */
  readonly died: Promise<void>;
  through<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Counts the awaited steps of a server, and breaks one of them. */
export function createFaultPlan(fault?: Fault): FaultPlan {
  const steps: string[] = [];
  let isDead = false;
  let die = (): void => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const never = <T>(): Promise<T> => new Promise<T>(() => {});
  const crash = <T>(): Promise<T> => {
    isDead = true;
    die();
    return never<T>();
  };
  return {
    steps,
    died,
    async through(name, work) {
      if (isDead) return never();
      const step = steps.push(name) - 1;
      const mode = fault?.step === step ? fault.mode : undefined;
      if (mode === 'crash') return crash();
      if (mode === 'fail') throw failureOf(name);
      const result = await work();
      if (mode === 'crash-after') return crash();
      if (mode === 'fail-after') throw failureOf(name);
      if (isDead) return never();
      return result;
    },
  };
}

function failureOf(name: string): AppError {
  return name.startsWith('provider.')
    ? new AppError('backend_unavailable', `Injected at ${name}.`)
    : new StoreError('store_unavailable', `Injected at ${name}.`);
}

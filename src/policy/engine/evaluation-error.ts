/** A policy that cannot be evaluated for a request. It decides nothing but a denial, and never leaves the engine. */
export class EvaluationError extends Error {}

export function fail(message: string): never {
  throw new EvaluationError(message);
}

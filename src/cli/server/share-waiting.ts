/**
 * Runs `work` once at a time. Whoever calls while it runs shares the one run that follows: a storm of calls
 * costs two runs, and everyone's answer is from a run that began after their call.
 */
export function shareWaiting<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let waiting: Promise<T> | undefined;
  return () => {
    waiting ??= running.then(() => {
      const run = work();
      running = run.catch(() => undefined);
      waiting = undefined;
      return run;
    });
    return waiting;
  };
}

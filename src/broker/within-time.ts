import { AppError } from '#core/errors.ts';

/** A back-end did not answer in its time; whether it acted is not known. */
export class BackendTimeoutError extends AppError<'backend_unavailable'> {}

/**
 * Runs `work` with a signal that is aborted after `timeoutMs`, and rejects then even when the work ignores its
 * signal: no request may hang on a plug-in. `onLate` hears of a success that came after that.
 * @throws {BackendTimeoutError} `backend_unavailable`
 */
export async function withinTime<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  onLate: () => void = () => {},
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isLate = true;
      const error = new BackendTimeoutError('backend_unavailable', `No answer within ${timeoutMs} ms.`);
      reject(error);
      controller.abort(error);
    }, timeoutMs);
  });
  const running = work(controller.signal);
  running.then(
    () => isLate && onLate(),
    () => undefined,
  );
  try {
    return await Promise.race([running, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** True when asking again later may help, and asking for something else of the same back-end now will not. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'backend_unavailable';
}

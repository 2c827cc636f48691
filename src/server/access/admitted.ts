import type { Admission } from '../admission.ts';
import { RequestProblem } from '../request-problem.ts';

/** Compiling and replaying cost much more than a page: few at once. */
export async function admitted<T>(admission: Admission, work: () => Promise<T>): Promise<T> {
  const leave = admission.enter();
  if (leave === undefined) {
    throw new RequestProblem('overloaded', 'Other replays are under way.', {
      headers: { 'Retry-After': '2' },
    });
  }
  try {
    return await work();
  } finally {
    leave();
  }
}

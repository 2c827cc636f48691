/**
 * Milliseconds of processor time that this thread has used. A test that guards against input that takes forever
 * must not fail because the machine is busy with something else, as it would by the clock on the wall.
 */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

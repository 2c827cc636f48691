const INTERVAL_MS = 20;

/**
 * Notices when one turn of the event loop computes for long. Counted is the thread's own CPU time, so that a
 * machine that is busy with other things does not count.
 */
export function watchEventLoop(): { stop(): { blockedMsMax: number } } {
  let last = process.threadCpuUsage();
  let blockedMicrosMax = 0;
  let turns = 0;
  const timer = setInterval(() => {
    const now = process.threadCpuUsage();
    const spent = now.user + now.system - last.user - last.system;
    // The first turns belong to what happened before.
    if (turns > 1) blockedMicrosMax = Math.max(blockedMicrosMax, spent);
    last = now;
    turns += 1;
  }, INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      return { blockedMsMax: Math.round(blockedMicrosMax / 1_000) };
    },
  };
}

/** Processor time of one try. What is linear takes far less for so short a text, on a slow machine, too. */
const PROBE_MS_MAX = 150;
/**
 * Each a tenth longer than the one before: what was done in time there takes at most a few times as long here,
 * whatever it is that grows.
 */
const LENGTHS = Array.from({ length: 36 }, (_, step) => Math.ceil(10 * 1.1 ** step));

/** Without a group that is repeated, time grows with a small power of the text, of which there is only so much. */
const REPEATED_GROUP = /\)(?:[*+]|\{\d{0,5},|\{\d{2,5}\})/;

/** Letters that expressions repeat, and words that this one speaks of. */
function seedsOf(source: string): string[] {
  const words = source.match(/[A-Za-z0-9_]{2,20}/g)?.slice(0, 3) ?? [];
  return ['a', '0', ' ', 'a.', 'aA0', ...words];
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/**
 * Whether an expression is slow on texts made to be hard for it. Go’s expressions take time in proportion to the text;
 * those of JavaScript may take for ever for the same pattern, `(a+)+$` for one.
 */
export function isSlowPattern(expression: RegExp, keywords: readonly string[] = []): boolean {
  const probe = new RegExp(expression.source);
  if (!REPEATED_GROUP.test(expression.source)) return false;
  const starts = ['', ...keywords.slice(0, 1)];
  return seedsOf(expression.source).some((seed) =>
    starts.some((start) =>
      LENGTHS.some((length) => {
        const text = `${start}${seed.repeat(Math.ceil(length / seed.length)).slice(0, length)}\u0001`;
        const startMs = threadMs();
        probe.test(text);
        return threadMs() - startMs > PROBE_MS_MAX;
      }),
    ),
  );
}

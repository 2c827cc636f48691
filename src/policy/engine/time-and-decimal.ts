const LONG_MAX = 2n ** 63n - 1n;
const LONG_MIN = -(2n ** 63n);
const DAY_MS = 86_400_000n;

/** The value when it fits Cedar's Long (64 bits, signed), else undefined. */
export function asLong(value: bigint): bigint | undefined {
  return value < LONG_MIN || value > LONG_MAX ? undefined : value;
}

/** Reads Cedar's `decimal("1.2345")`, in ten-thousandths. */
export function parseDecimal(text: string): bigint | undefined {
  const match = /^(-?\d+)\.(\d{1,4})$/.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  // A 64-bit number has at most 19 digits; a longer one could only be spent on parsing it.
  if (whole.replace(/^-?0*/, '').length > 19) return undefined;
  const scaled = asLong(BigInt(whole) * 10_000n);
  if (scaled === undefined) return undefined;
  const part = BigInt(fraction.padEnd(4, '0'));
  return asLong(whole.startsWith('-') ? scaled - part : scaled + part);
}

const DATETIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{3}))?(?:Z|([+-])(\d{2})(\d{2})))?$/;

/** Reads Cedar's `datetime("…")`, in milliseconds since the Unix epoch; no leap seconds, no 24:00. */
export function parseDatetime(text: string): bigint | undefined {
  const match = DATETIME.exec(text);
  if (match === null) return undefined;
  const part = (index: number) => Number(match[index] ?? '0');
  const date = new Date(0);
  date.setUTCFullYear(part(1), part(2) - 1, part(3));
  // Date turns 31 February into 2 or 3 March; what changed was not a date.
  if (date.getUTCMonth() !== part(2) - 1 || date.getUTCDate() !== part(3)) return undefined;
  if (part(4) > 23 || part(5) > 59 || part(6) > 59 || part(9) > 23 || part(10) > 59) return undefined;
  const timeMs = ((part(4) * 60 + part(5)) * 60 + part(6)) * 1_000 + part(7);
  const offsetMs = (part(9) * 60 + part(10)) * 60_000 * (match[8] === '-' ? -1 : 1);
  return BigInt(date.getTime() + timeMs - offsetMs);
}

const DURATION = /^(-?)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const UNITS_MS = [86_400_000n, 3_600_000n, 60_000n, 1_000n, 1n];
const DURATION_CHARS_MAX = 1_000;

/** Reads Cedar's `duration("1d2h3m4s5ms")`, in milliseconds. */
export function parseDuration(text: string): bigint | undefined {
  if (text === '' || text === '-' || text.length > DURATION_CHARS_MAX) return undefined;
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const sign = match[1] === '-' ? -1n : 1n;
  let sum = 0n;
  for (const [index, unit] of UNITS_MS.entries()) sum += BigInt(match[index + 2] ?? '0') * unit;
  return asLong(sum * sign);
}

/** Midnight UTC of a datetime; undefined where it lies before the earliest one. */
export function dateOf(ms: bigint): bigint | undefined {
  return asLong(ms - timeOf(ms));
}

/** Milliseconds since midnight UTC. */
export function timeOf(ms: bigint): bigint {
  return ((ms % DAY_MS) + DAY_MS) % DAY_MS;
}

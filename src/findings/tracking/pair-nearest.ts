/** Index and line, in the order of the lines. */
type Sorted = readonly { readonly index: number; readonly line: number }[];

function sortLines(lines: readonly number[]): Sorted {
  return lines
    .map((line, index) => ({ index, line }))
    .toSorted((a, b) => a.line - b.line || a.index - b.index);
}

/** For each line of one list the position of the one nearest line of the other; undefined when two are as near. */
function nearestOf(from: Sorted, to: Sorted, distanceMax: number): (number | undefined)[] {
  let next = 0;
  return from.map(({ line }) => {
    while (next < to.length && (to[next]?.line ?? 0) < line) next += 1;
    // The nearest stands among the two before and the two behind: a second one as near makes it unclear.
    const near = [next - 2, next - 1, next, next + 1]
      .filter((position) => position >= 0 && position < to.length)
      .map((position) => ({ position, distance: Math.abs((to[position]?.line ?? 0) - line) }))
      .toSorted((a, b) => a.distance - b.distance);
    const [first, second] = near;
    if (first === undefined || first.distance > distanceMax) return undefined;
    return second !== undefined && second.distance === first.distance ? undefined : first.position;
  });
}

/** Pairs of indexes whose lines are each other's nearest, at most so far apart, without a second one as near. */
export function pairNearest(
  left: readonly number[],
  right: readonly number[],
  distanceMax: number,
): [number, number][] {
  const [from, to] = [sortLines(left), sortLines(right)];
  const there = nearestOf(from, to, distanceMax);
  const back = nearestOf(to, from, distanceMax);
  return there.flatMap((target, position): [number, number][] => {
    if (target === undefined || back[target] !== position) return [];
    const [one, other] = [from[position], to[target]];
    return one === undefined || other === undefined ? [] : [[one.index, other.index]];
  });
}

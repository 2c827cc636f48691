/** Whether two words differ by one letter that is missing, added, another one, or swapped with its neighbour. */
export function isOneSlipAway(left: string, right: string): boolean {
  if (left === right || Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start += 1;
  const [restLeft, restRight] = [left.slice(start), right.slice(start)];
  if (restLeft.length > restRight.length) return restLeft.slice(1) === restRight;
  if (restLeft.length < restRight.length) return restLeft === restRight.slice(1);
  if (restLeft.slice(1) === restRight.slice(1)) return true;
  const isSwapped = restLeft[0] === restRight[1] && restLeft[1] === restRight[0];
  return isSwapped && restLeft.slice(2) === restRight.slice(2);
}

/**
 * CWE numbers that tools use for one and the same flaw, by the parent under which CWE's own tree (research view 1000)
 * has them. What is in no family stands for itself.
 */
const FAMILIES: readonly (readonly [name: string, members: readonly number[]])[] = [
  ['injection-sql', [89, 564, 943]],
  ['injection-command', [77, 78, 88, 94, 95, 96, 1336]],
  ['injection-markup', [79, 80, 83, 84, 85, 86, 87, 116]],
  ['injection-xml', [91, 611, 643, 776, 827]],
  ['path-traversal', [22, 23, 24, 25, 35, 36, 73, 98, 426, 427]],
  ['request-forgery', [352, 441, 918]],
  ['redirect', [601, 939]],
  ['deserialisation', [502, 915, 1321]],
  ['credentials', [256, 257, 259, 260, 312, 313, 321, 522, 523, 526, 532, 540, 547, 615, 798]],
  [
    'weak-cryptography',
    [261, 295, 310, 319, 325, 326, 327, 328, 329, 330, 331, 338, 347, 757, 759, 760, 916],
  ],
  ['access-control', [250, 266, 269, 272, 276, 277, 284, 285, 287, 306, 639, 668, 732, 862, 863]],
  ['memory', [119, 120, 121, 122, 124, 125, 126, 127, 131, 170, 190, 191, 415, 416, 476, 680, 787, 805, 824]],
  ['regular-expression', [185, 625, 777, 1333]],
  ['information-exposure', [200, 201, 203, 209, 215, 359, 497, 538, 548]],
  ['resource-exhaustion', [400, 405, 409, 770, 772, 789, 835]],
  ['supply-chain', [345, 353, 494, 506, 829, 830, 1104, 1357, 1395]],
  ['logging', [117, 223, 778]],
  ['framing-and-headers', [16, 614, 693, 1004, 1021, 1275]],
];

const FAMILY_BY_NUMBER: ReadonlyMap<number, string> = new Map(
  FAMILIES.flatMap(([name, members]) => members.map((member) => [member, name] as const)),
);

/** The families of a finding's CWE numbers. */
export function weaknessFamilies(numbers: readonly number[]): readonly string[] {
  return [...new Set(numbers.map((number) => FAMILY_BY_NUMBER.get(number) ?? `CWE-${number}`))];
}

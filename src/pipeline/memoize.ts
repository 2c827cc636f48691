/**
 * Works a fact about an object out once, for everybody who asks; it goes away with the object. Only for facts that
 * depend on the object alone: the model of a file never changes.
 */
export function memoize<Subject extends object, Fact extends object>(
  workOut: (subject: Subject) => Fact,
): (subject: Subject) => Fact {
  const known = new WeakMap<Subject, Fact>();
  return (subject) => {
    const before = known.get(subject);
    if (before !== undefined) return before;
    const fact = workOut(subject);
    known.set(subject, fact);
    return fact;
  };
}

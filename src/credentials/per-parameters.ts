/**
 * Remembers what was prepared from a resource's parameters: they come with every request but are one object per
 * configuration, so templates are compiled once, and forgotten when the configuration is replaced.
 */
export function createPerParameters<Parameters extends object, Prepared>(
  prepare: (parameters: Parameters) => Prepared,
): (parameters: Parameters) => Prepared {
  const known = new WeakMap<Parameters, Prepared>();
  return (parameters) => {
    const found = known.get(parameters);
    if (found !== undefined) return found;
    const prepared = prepare(parameters);
    known.set(parameters, prepared);
    return prepared;
  };
}

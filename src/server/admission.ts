/** Counts what is under way; whatever is over the bound is told to come back, before it costs anything. */
export interface Admission {
  /** Undefined when it is full; else call what is returned, once, at the end. */
  enter(): (() => void) | undefined;
}

export function createAdmission(activeMax: number): Admission {
  let active = 0;
  const leave = () => {
    active -= 1;
  };
  return {
    enter() {
      if (active >= activeMax) return undefined;
      active += 1;
      return leave;
    },
  };
}

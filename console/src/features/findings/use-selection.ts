import { useMemo, useState } from 'react';
import type { Selection } from './finding-list.tsx';

/** What the API decides about at once. */
export const SELECTED_MAX = 1_000;

/** Which of the loaded rows are chosen. What another filter has taken out of sight is not decided about. */
export function useSelection(ids: readonly string[]): Selection & { clear: () => void } {
  const [all, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string | undefined>(undefined);
  return useMemo(() => {
    const chosen = new Set(ids.filter((id) => all.has(id)));
    const add = (more: readonly string[]) => setChosen(new Set([...chosen, ...more].slice(0, SELECTED_MAX)));
    return {
      ids: chosen,
      toggle(id, range) {
        const [from, to] = [ids.indexOf(anchor ?? ''), ids.indexOf(id)];
        setAnchor(id);
        if (range && from !== -1) return add(ids.slice(Math.min(from, to), Math.max(from, to) + 1));
        if (!chosen.has(id)) return add([id]);
        setChosen(new Set([...chosen].filter((each) => each !== id)));
      },
      toggleAll() {
        if (ids.every((id) => chosen.has(id))) setChosen(new Set());
        else add(ids);
      },
      clear: () => setChosen(new Set()),
    };
  }, [ids, all, anchor]);
}

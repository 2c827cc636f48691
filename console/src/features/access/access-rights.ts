import type { PersonAction } from '#api/action.ts';
import { useMe } from '../../session/me.ts';

/**
 * Whether who is signed in may do it for every repository: the configuration belongs to none, and a freeze or a
 * proposal is about all of it.
 */
export function useMayEverywhere(action: PersonAction): boolean {
  const { actions } = useMe();
  return actions.some((granted) => granted.action === action && granted.scope.kind === 'all');
}

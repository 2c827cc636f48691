import type { PersonAction } from '#api/action.ts';
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { operationQuery } from '../api/queries.ts';

/** Who is signed in, and what they may do. The server decides again on every request. */
export const meQuery = queryOptions({ ...operationQuery('getMe', {}), staleTime: 60_000 });

export function useMe() {
  return useSuspenseQuery(meQuery).data;
}

/** For hiding what would be refused anyway: `const mayFreeze = useMay('manageLeases')`. */
export function useMay(action: PersonAction): boolean {
  return useMe().actions.some((granted) => granted.action === action);
}

/** Whether somebody sees every repository; what belongs to none, such as the configuration, is for these only. */
export function useSeesAll(): boolean {
  return useMe().actions.some(({ action, scope }) => action === 'view' && scope.kind === 'all');
}

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call, type InputOf, type OperationId } from './client.ts';

/** Of one read: `useQuery(operationQuery('getDecision', { params: { id } }))`. */
export function operationQuery<Id extends OperationId>(id: Id, input: InputOf<Id>) {
  return queryOptions({
    queryKey: [id, input] as const,
    queryFn: ({ signal }): Promise<AnswerTo<Id>> => call(id, input, signal),
  });
}

type Next = string | number | null | undefined;

/**
 * Of a list in pages. `cursor` names the query parameter that takes `next` of the page before:
 * `useInfiniteQuery(pagedQuery('listDecisions', { query }, 'before', (page) => page.next))`.
 */
export function pagedQuery<Id extends OperationId>(
  id: Id,
  input: InputOf<Id>,
  cursor: string,
  nextOf: (page: AnswerTo<Id>) => Next,
) {
  return infiniteQueryOptions({
    queryKey: [id, 'pages', input] as const,
    queryFn: ({ pageParam, signal }): Promise<AnswerTo<Id>> =>
      call(id, { ...input, query: { ...input.query, [cursor]: pageParam ?? undefined } }, signal),
    initialPageParam: undefined as Next,
    getNextPageParam: (page) => nextOf(page) ?? undefined,
  });
}

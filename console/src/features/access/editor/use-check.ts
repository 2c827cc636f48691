import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { CheckProblem, FileChanges } from '#api/configuration-change.ts';
import { operationQuery } from '../../../api/queries.ts';

/** After the last key: checking compiles all policies. */
const CHECK_AFTER_MS = 400;

export interface Check {
  changes: FileChanges;
  valid: boolean;
  /** False while what is on the screen is newer than what was checked. */
  isCurrent: boolean;
  problems: readonly CheckProblem[];
  error: unknown;
}

/** What the server says of changed files, a moment after the last key. */
export function useCheck(changes: FileChanges): Check {
  const [settled] = useDebouncedValue(changes, CHECK_AFTER_MS);
  const isChanged = Object.keys(settled).length > 0;
  const query = useQuery({
    ...operationQuery('checkPolicies', { body: { changes: settled } }),
    enabled: isChanged,
    placeholderData: keepPreviousData,
  });
  const isCurrent = settled === changes && !query.isPlaceholderData && query.data !== undefined;
  return {
    changes: settled,
    valid: query.data?.valid === true,
    isCurrent,
    problems: isChanged ? (query.data?.problems ?? []) : [],
    error: query.error,
  };
}

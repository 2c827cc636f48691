import { Alert, Stack, Text } from '@mantine/core';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { ErrorState } from '../../../components/error-state.tsx';
import classes from '../access.module.css';
import type { Check } from './use-check.ts';

/** Whether the whole configuration is valid with the changes; each problem leads to its place. */
export function CheckPanel({
  check,
  onOpen,
}: {
  check: Check;
  onOpen: (path: string, line: number) => void;
}) {
  const { error, problems, valid, isCurrent } = check;
  if (error !== null && error !== undefined) return <ErrorState error={error} />;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return (
    <Alert
      role="status"
      color={valid ? 'vouch' : isCurrent ? 'red' : 'gray'}
      icon={valid ? <CircleCheck aria-hidden /> : <TriangleAlert aria-hidden />}
      title={
        isCurrent
          ? valid
            ? 'The whole configuration is valid with it'
            : `${errors} ${errors === 1 ? 'problem keeps' : 'problems keep'} it from being put in force`
          : 'Checking…'
      }
    >
      {problems.length === 0 ? null : (
        <Stack gap={2}>
          {problems.map((problem) => (
            <button
              key={`${problem.file} ${problem.line} ${problem.column} ${problem.message}`}
              type="button"
              className={classes.problem}
              onClick={() => onOpen(problem.file, problem.line)}
            >
              <Text span fz="sm" fw={560} className="mono breakable">
                {problem.file}:{problem.line}:{problem.column}
              </Text>{' '}
              <Text span fz="sm" className="breakable">
                {problem.severity === 'warning' ? 'Warning: ' : ''}
                {problem.message} {problem.remedy}
              </Text>
            </button>
          ))}
        </Stack>
      )}
    </Alert>
  );
}

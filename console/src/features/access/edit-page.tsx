import {
  Alert,
  Badge,
  Button,
  Group,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useBlocker } from '@tanstack/react-router';
import type { PolicySchema } from '#api/access-use.ts';
import type { CheckProblem, ConfigurationFiles, FileChanges } from '#api/configuration-change.ts';
import { useDebouncedValue } from '@mantine/hooks';
import { CircleCheck, FilePlus, TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import classes from './access.module.css';
import { CodeEditor } from './editor/code-editor.tsx';
import { Difference } from './editor/difference.tsx';
import { PolicyForm } from './editor/policy-form.tsx';
import { ProposePanel } from './propose-panel.tsx';

const route = getRouteApi('/shell/access/policies/edit');
/** After the last key: checking compiles all policies. */
const CHECK_AFTER_MS = 400;
const PATH = /^(?:[A-Za-z0-9_][\w.-]{0,99}\/){1,4}[A-Za-z0-9_][\w.-]{0,99}\.cedar$/;

export function EditPage() {
  const { suggestion } = route.useSearch();
  const files = useQuery({
    ...operationQuery('getConfigurationFiles', {}),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const schema = useQuery(operationQuery('getPolicySchema', {}));
  const suggestions = useQuery({
    ...operationQuery('listSuggestions', {}),
    enabled: suggestion !== undefined,
  });
  const isWaiting = suggestion !== undefined && suggestions.data === undefined && suggestions.error === null;
  const chosen = suggestions.data?.suggestions.find(({ id }) => id === suggestion);
  return (
    <Page
      title="Edit the configuration"
      lead="Nothing is saved here: what you change becomes a proposal, after you saw whom it would have hit."
      crumbs={[
        { label: 'Access', link: { to: '/access' } },
        { label: 'Policies', link: { to: '/access/policies' } },
      ]}
    >
      <QueryView query={files} height={560}>
        {(configuration) =>
          isWaiting ? (
            <Skeleton height={560} radius="md" role="status" aria-busy aria-label="Loading" />
          ) : (
            <Workbench
              key={`${configuration.digest} ${chosen?.id ?? ''}`}
              configuration={configuration}
              schema={schema.data}
              initial={chosen?.changes ?? {}}
              title={chosen?.title ?? ''}
            />
          )
        }
      </QueryView>
    </Page>
  );
}

type Mode = 'text' | 'form' | 'difference';

function Workbench(props: {
  configuration: ConfigurationFiles;
  schema: PolicySchema | undefined;
  initial: FileChanges;
  title: string;
}) {
  const { configuration, schema, initial, title } = props;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [changes, setChanges] = useState<FileChanges>(initial);
  const [mode, setMode] = useState<Mode>(search.mode === 'form' ? 'form' : 'text');
  const before = new Map(configuration.files.map(({ path, text }) => [path, text]));
  const paths = [...new Set([...before.keys(), ...Object.keys(changes)])].sort();
  const [firstChanged] = Object.keys(initial);
  const file = search.file ?? firstChanged ?? paths.find((path) => path.endsWith('.cedar')) ?? paths[0] ?? '';
  const [line, setLine] = useState<number | undefined>(search.line);
  // A text that comes from elsewhere than the keyboard needs a new editor.
  const [revision, setRevision] = useState(0);
  const replace = (path: string, text: string | null) => {
    change(path, text);
    setRevision((number) => number + 1);
  };
  const textOf = (path: string) => (Object.hasOwn(changes, path) ? changes[path] : before.get(path)) ?? '';
  const change = (path: string, text: string | null) =>
    setChanges((current) => withChange(current, path, text, before.get(path)));
  const open = (path: string, at?: number) => {
    setMode('text');
    setLine(at);
    void navigate({
      search: (old) => ({ ...old, file: path, line: undefined, mode: undefined }),
      replace: true,
    });
  };
  const check = useCheck(changes);
  const isChanged = Object.keys(changes).length > 0;
  const isProposed = useRef(false);
  useBlocker({
    disabled: !isChanged,
    enableBeforeUnload: () => isChanged && !isProposed.current,
    shouldBlockFn: ({ current, next }) =>
      !isProposed.current &&
      next.pathname !== current.pathname &&
      // oxlint-disable-next-line no-alert -- the browser asks the same when the tab is closed
      !window.confirm('Leave, and lose what you changed?'),
  });
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label="How to edit"
        value={mode}
        onChange={(value) => setMode(value === 'form' || value === 'difference' ? value : 'text')}
        data={[
          { value: 'text', label: 'Text' },
          { value: 'form', label: 'Guided form' },
          { value: 'difference', label: `Difference (${Object.keys(changes).length})` },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      {mode === 'form' ? (
        <Panel title="A new permit">
          {schema === undefined ? (
            <Skeleton height={420} radius="md" role="status" aria-busy aria-label="Loading" />
          ) : (
            <PolicyForm
              schema={schema}
              onAdd={(resource, text) => {
                const path = `policies/${resource}.cedar`;
                const old = textOf(path).trimEnd();
                replace(path, old === '' ? text : `${old}\n\n${text}`);
                open(path, old === '' ? 1 : old.split('\n').length + 2);
              }}
            />
          )}
        </Panel>
      ) : null}
      {mode === 'text' ? (
        <div className={classes.columns}>
          <Files
            paths={paths}
            changes={changes}
            before={before}
            current={file}
            onOpen={open}
            onNew={(path) => {
              change(path, '');
              open(path);
            }}
          />
          <Stack gap="xs" miw={0}>
            <Group justify="space-between" gap="xs">
              <Text fz="sm" fw={560} className="mono breakable">
                {file}
              </Text>
              {Object.hasOwn(changes, file) ? (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => {
                    replace(file, before.get(file) ?? null);
                  }}
                >
                  Undo the changes of this file
                </Button>
              ) : null}
            </Group>
            <CodeEditor
              key={`${file} ${revision}`}
              label={`Text of ${file}`}
              file={file}
              text={textOf(file)}
              line={line}
              schema={schema}
              problems={check.problems.filter((problem) => problem.file === file)}
              onChange={(text) => change(file, text)}
            />
          </Stack>
        </div>
      ) : null}
      {mode === 'difference' ? (
        <Panel title="The difference">
          {isChanged ? (
            Object.entries(changes).map(([path, after]) => (
              <Stack key={path} gap={6}>
                <Text fz="sm" fw={560} className="mono breakable">
                  {path}
                </Text>
                <Difference path={path} before={before.get(path) ?? null} after={after} />
              </Stack>
            ))
          ) : (
            <Text fz="sm" c="dimmed">
              Nothing is changed yet.
            </Text>
          )}
        </Panel>
      ) : null}
      {isChanged ? <CheckPanel check={check} onOpen={open} /> : null}
      {isChanged && check.valid && check.isCurrent ? (
        <ProposePanel
          key={title}
          changes={check.changes}
          baseDigest={configuration.digest}
          appliedBy={configuration.changes.appliedBy}
          approvals={configuration.changes.approvals}
          title={title}
          onProposed={() => (isProposed.current = true)}
        />
      ) : null}
    </Stack>
  );
}

function withChange(
  changes: FileChanges,
  path: string,
  text: string | null,
  before: string | undefined,
): FileChanges {
  const { [path]: _old, ...others } = changes;
  return text === (before ?? null) ? others : { ...others, [path]: text };
}

interface Check {
  changes: FileChanges;
  valid: boolean;
  /** False while what is on the screen is newer than what was checked. */
  isCurrent: boolean;
  problems: readonly CheckProblem[];
  error: unknown;
}

function useCheck(changes: FileChanges): Check {
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

function Files(props: {
  paths: readonly string[];
  changes: FileChanges;
  before: ReadonlyMap<string, string>;
  current: string;
  onOpen: (path: string) => void;
  onNew: (path: string) => void;
}) {
  const { paths, changes, before, current, onOpen, onNew } = props;
  const [name, setName] = useState('');
  const isPath = PATH.test(name) && !paths.includes(name);
  return (
    <Stack gap="sm">
      <nav aria-label="Files" className={classes.files}>
        {paths.map((path) => (
          <button
            key={path}
            type="button"
            className={classes.file}
            aria-current={path === current}
            onClick={() => onOpen(path)}
          >
            <span>{path}</span>
            {Object.hasOwn(changes, path) ? (
              <Badge size="xs" color={changes[path] === null ? 'red' : 'yellow'}>
                {changes[path] === null ? 'goes' : before.has(path) ? 'changed' : 'new'}
              </Badge>
            ) : null}
          </button>
        ))}
      </nav>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isPath) return;
          onNew(name);
          setName('');
        }}
      >
        <Group gap={6} align="flex-end" wrap="nowrap">
          <TextInput
            label="New file"
            placeholder="policies/team.cedar"
            size="xs"
            value={name}
            onChange={(event) => setName(event.currentTarget.value.trim())}
            error={name === '' || isPath ? undefined : 'policies/name.cedar'}
            style={{ flex: 1 }}
          />
          <Button
            type="submit"
            size="xs"
            variant="default"
            disabled={!isPath}
            leftSection={<FilePlus size={14} aria-hidden />}
          >
            Add
          </Button>
        </Group>
      </form>
    </Stack>
  );
}

function CheckPanel({ check, onOpen }: { check: Check; onOpen: (path: string, line: number) => void }) {
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

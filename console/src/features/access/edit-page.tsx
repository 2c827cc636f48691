import { Button, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useBlocker } from '@tanstack/react-router';
import type { PolicySchema } from '#api/access-use.ts';
import type { ConfigurationFiles, FileChanges } from '#api/configuration-change.ts';
import { useRef, useState } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import classes from './access.module.css';
import { CheckPanel } from './editor/check-panel.tsx';
import { CodeEditor } from './editor/code-editor.tsx';
import { Difference } from './editor/difference.tsx';
import { FileList } from './editor/file-list.tsx';
import { PolicyForm } from './editor/policy-form.tsx';
import { useCheck } from './editor/use-check.ts';
import { ProposePanel } from './propose-panel.tsx';

const route = getRouteApi('/shell/access/policies/edit');

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
          <FileList
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

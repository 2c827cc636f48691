import type { Pipeline, PipelineFinding, PipelineSource } from '#api/pipeline.ts';
import { Anchor, Button, Collapse, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { Diff } from '../../components/diff.tsx';
import { CopyIcon } from '../../components/identifier.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Prose } from './prose.tsx';
import { SeverityLine } from './severity-line.tsx';
import { splitAtFindings } from './source-blocks.ts';
import classes from './source-tab.module.css';
import { shortFile } from './words.ts';

const HEIGHT = 640;

/** The definition as it was inspected, with each finding where it stands. */
export function SourceTab({ pipeline, line }: { pipeline: Pipeline; line: number | undefined }) {
  const { repository, file } = pipeline;
  const query = useQuery(operationQuery('getPipelineSource', { query: { repository, file } }));
  return (
    <QueryView query={query} height={HEIGHT}>
      {(source) => <Source source={source} pipeline={pipeline} line={line} />}
    </QueryView>
  );
}

function showLine(line: HTMLSpanElement | null): void {
  line?.scrollIntoView({ block: 'center' });
}

function Source(props: { source: PipelineSource; pipeline: Pipeline; line: number | undefined }) {
  const { source, pipeline, line } = props;
  const findings = useMemo(() => pipeline.findings.filter(({ accepted }) => accepted === null), [pipeline]);
  const blocks = useMemo(() => splitAtFindings(source.text, findings), [source, findings]);
  const hit = new Set(findings.map(({ place }) => place.line));
  return (
    <Stack gap="sm">
      {source.cut ? (
        <Text fz="sm" c="dimmed">
          The file is longer than what is kept: the rest is not shown, and was inspected all the same.
        </Text>
      ) : null}
      <figure className={classes.source} aria-label={`Source of ${source.file}`}>
        <figcaption className={classes.caption}>
          <span className="breakable">{shortFile(source.file)}</span>
          <CopyIcon value={source.text} label="Copy the source" />
        </figcaption>
        {blocks.map(({ start, lines, findings: here }) => (
          <div key={start}>
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
            <pre className={classes.lines} tabIndex={0} aria-label={`From line ${start}`}>
              {lines.map((text, index) => {
                const at = start + index;
                return (
                  <span
                    key={at}
                    ref={at === line ? showLine : undefined}
                    className={classes.line}
                    data-line={at}
                    data-hit={hit.has(at) || undefined}
                    data-chosen={at === line || undefined}
                  >
                    {text}
                    {'\n'}
                  </span>
                );
              })}
            </pre>
            {here.map((finding) => (
              <FindingInPlace key={finding.fingerprint} finding={finding} pipeline={pipeline} />
            ))}
          </div>
        ))}
      </figure>
    </Stack>
  );
}

function FindingInPlace({ finding, pipeline }: { finding: PipelineFinding; pipeline: Pipeline }) {
  const { severity, message, explanation, remedy, rule, fixes, attackPath, place } = finding;
  const [opened, { toggle }] = useDisclosure(false);
  const fix = fixes.find(({ safety }) => safety === 'safe') ?? fixes[0];
  const patch = fix?.patch ?? null;
  return (
    <article className={classes.finding} aria-label={`${severity} finding at line ${place.line}`}>
      <Stack gap={6}>
        <SeverityLine severity={severity}>
          <Text fw={560} className="breakable">
            <Prose text={message} />
          </Text>
        </SeverityLine>
        <Text fz="sm" className="breakable">
          <Prose text={explanation} />
        </Text>
        <Text fz="sm" className="breakable">
          <b>Mend:</b> <Prose text={remedy} />
        </Text>
        <Group gap="md">
          {patch === null ? null : (
            <Button variant="light" size="compact-sm" onClick={toggle} aria-expanded={opened}>
              {opened ? 'Hide the fix' : `Show the fix${fix?.safety === 'unsafe' ? ', to be looked at' : ''}`}
            </Button>
          )}
          {attackPath === null ? null : (
            <Anchor
              renderRoot={(root) => (
                <Link
                  {...root}
                  to="/pipelines/attack"
                  search={{ repository: pipeline.repository, id: attackPath }}
                />
              )}
              fz="sm"
            >
              The attack that it opens
            </Anchor>
          )}
          <Text fz="xs" c="dimmed" className="mono">
            {rule}
          </Text>
        </Group>
        {patch === null ? null : (
          <Collapse expanded={opened}>
            <Diff patch={patch} title={fix?.title ?? 'Fix'} />
          </Collapse>
        )}
      </Stack>
    </article>
  );
}

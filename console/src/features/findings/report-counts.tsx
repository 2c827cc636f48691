import type { Report } from '#api/report.ts';
import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

function targetText(target: string): string {
  return target === '' ? '' : ` (${target.replaceAll(';', ', ').replaceAll('=', ' ')})`;
}

/** What a report brought: new, fixed and the same, for each tool in it. */
export function ReportCounts({ report }: { report: Report }) {
  return (
    <Stack gap={6}>
      {report.counts.map(({ tool, target, reported, new: fresh, fixed, reopened, stillThere }) => (
        <Group key={`${tool} ${target}`} gap={6}>
          <Anchor
            renderRoot={(root) => (
              <Link {...root} to="/findings" search={{ repository: report.repository, tool, target }} />
            )}
            fz="sm"
          >
            {tool}
            {targetText(target)}
          </Anchor>
          <Badge color={fresh > 0 ? 'orange' : 'gray'}>{fresh} new</Badge>
          {reopened > 0 ? <Badge color="orange">{reopened} reopened</Badge> : null}
          <Badge color={fixed > 0 ? 'vouch' : 'gray'}>{fixed} fixed</Badge>
          <Badge color="gray">{stillThere} the same</Badge>
          <Text fz="xs" c="dimmed" className="numeric">
            of {reported} reported
          </Text>
        </Group>
      ))}
      {report.counts.length === 0 ? (
        <Text fz="sm" c="dimmed">
          There was no tool in it.
        </Text>
      ) : null}
    </Stack>
  );
}

/** What could not be read, and what could have been the same. */
export function ReportNotes({ report: { warnings, ambiguities } }: { report: Report }) {
  const count = warnings.length + ambiguities.length;
  if (count === 0) return null;
  return (
    <details>
      <summary>
        {count} {count === 1 ? 'remark' : 'remarks'}
      </summary>
      <Stack gap={2} mt={4}>
        {warnings.map(({ at, message }) => (
          <Text key={`${at} ${message}`} fz="xs" className="breakable">
            <span className="mono">{at}</span> {message}
          </Text>
        ))}
        {ambiguities.map((text) => (
          <Text key={text} fz="xs" className="breakable">
            {text}
          </Text>
        ))}
      </Stack>
    </details>
  );
}

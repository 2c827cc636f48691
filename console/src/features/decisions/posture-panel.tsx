import { List, Stack, Text } from '@mantine/core';
import { SeverityBadge, StateBadge } from '../../components/badges.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { type Body, listAt, textAt, valueAt } from './read-body.ts';

const GRADES = {
  pass: { state: 'good', label: 'Passed the gate' },
  warn: { state: 'attention', label: 'Somebody should look' },
  fail: { state: 'act', label: 'Blocked by the gate' },
} as const;
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** How the pipeline was when it asked; only where a policy wanted to know. */
export function PosturePanel({ body }: { body: Body }) {
  const posture = valueAt(body, 'posture');
  if (posture === undefined) return null;
  const grade = textAt(posture, 'facts', 'grade');
  const mark = grade === 'pass' || grade === 'warn' || grade === 'fail' ? GRADES[grade] : undefined;
  const findings = listAt(posture, 'findings');
  const reasons = listAt(posture, 'reasons').flatMap((reason) =>
    typeof reason === 'string' ? [reason] : [],
  );
  return (
    <Panel
      title="Posture of the pipeline"
      actions={<StateBadge state={mark?.state ?? 'unknown'} label={mark?.label ?? 'Not known'} />}
    >
      <KeyValues
        items={[
          ['Why not known', textAt(posture, 'reason')],
          ['Repository', textAt(posture, 'repository')],
          ['Commit', textAt(posture, 'commit')],
          ['Definition', textAt(posture, 'workflow')],
          ['Findings that block', textAt(posture, 'facts', 'blocking')],
        ]}
      />
      {findings.length === 0 ? null : (
        <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {findings.map((finding) => (
            <FindingItem
              key={textAt(finding, 'fingerprint') ?? textAt(finding, 'message')}
              finding={finding}
            />
          ))}
        </Stack>
      )}
      {reasons.length === 0 ? null : (
        <List fz="sm">
          {reasons.map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
      )}
    </Panel>
  );
}

function FindingItem({ finding }: { finding: unknown }) {
  const severity = SEVERITIES.find((each) => each === textAt(finding, 'severity')) ?? 'info';
  return (
    <li>
      <SeverityBadge severity={severity} />{' '}
      <Text span fw={560} className="breakable">
        {textAt(finding, 'message')}
      </Text>
      <Text fz="sm" c="dimmed" className="mono breakable">
        {textAt(finding, 'file')}:{textAt(finding, 'line')} · {textAt(finding, 'rule')}
      </Text>
      <Text fz="sm" className="breakable">
        {textAt(finding, 'remedy')}
      </Text>
    </li>
  );
}

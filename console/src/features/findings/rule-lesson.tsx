import type { Rule } from '#api/rule.ts';
import { Alert, Badge, Group, Stack, Text } from '@mantine/core';
import { Newspaper } from 'lucide-react';
import { SeverityBadge } from '../../components/badges.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { Panel } from '../../components/panel.tsx';
import { InlineCode } from './inline-code.tsx';
import classes from './rule-lesson.module.css';
import { ReportLink } from './report-link.tsx';

function Examples({ title, examples }: { title: string; examples: Rule['vulnerable'] }) {
  return (
    <Stack gap="xs" miw={0}>
      {examples.map(({ file, text }, index) => (
        <CodeBlock
          // oxlint-disable-next-line react/no-array-index-key -- files of an example may have the same name
          key={`${file} ${index}`}
          code={text}
          title={file === null ? title : `${title}: ${file}`}
        />
      ))}
    </Stack>
  );
}

/** One of our rules, as a lesson: what goes wrong, how it looks, how it is mended, and where it happened. */
export function RuleLesson({ rule }: { rule: Rule }) {
  const { incident } = rule;
  return (
    <>
      <Panel title="What an attacker does with it">
        <Text className="breakable">
          <InlineCode text={rule.why} />
        </Text>
        {incident === null ? null : (
          <Alert
            color="orange"
            icon={<Newspaper aria-hidden />}
            title={`It happened: ${incident.name}, ${incident.date}`}
          >
            <Text fz="sm">
              <InlineCode text={incident.what} />
            </Text>
          </Alert>
        )}
      </Panel>
      <div className={classes.pair}>
        <Panel title="Vulnerable">
          <Examples title="Vulnerable example" examples={rule.vulnerable} />
        </Panel>
        <Panel title="Mended">
          <Text className="breakable">
            <InlineCode text={rule.instead} />
          </Text>
          <Examples title="Mended example" examples={rule.mended} />
        </Panel>
      </div>
      <Panel title="About the rule">
        <Group gap="xs">
          <SeverityBadge severity={rule.severity} />
          <Badge color="gray">Confidence {rule.confidence}</Badge>
          {rule.standards.map((standard) => (
            <Badge key={standard} color="gray" variant="outline">
              {standard}
            </Badge>
          ))}
        </Group>
        <Text className="breakable">
          <InlineCode text={rule.what} />
        </Text>
        {rule.aliases.length === 0 ? null : (
          <Text fz="sm" c="dimmed" className="breakable">
            Elsewhere: <span className="mono">{rule.aliases.join(', ')}</span>
          </Text>
        )}
        <Stack gap={4}>
          {rule.references.map((address) => (
            <ReportLink key={address} address={address} />
          ))}
        </Stack>
      </Panel>
    </>
  );
}

import type { AttackPath } from '#api/attack-path.ts';
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Prose } from './prose.tsx';
import { SeverityLine } from './severity-line.tsx';

/** An attack in four lines: who, what, what it takes, what to change first. */
export function AttackCard({ attack }: { attack: AttackPath }) {
  const { repository, id, severity, title, startedBy, reaches, needs, changes } = attack;
  const [first] = changes;
  return (
    <article>
      <SeverityLine severity={severity}>
        <Anchor
          renderRoot={(root) => <Link {...root} to="/pipelines/attack" search={{ repository, id }} />}
          fw={560}
          className="breakable"
        >
          <Prose text={title} />
        </Anchor>
        <Text fz="sm" className="breakable">
          <Prose text={startedBy} />; {needs}.
        </Text>
        <Text fz="sm" className="breakable">
          Reaches {reaches.length === 0 ? 'no more than the run itself' : reaches.join(', ')}.
        </Text>
        {first === undefined ? null : (
          <Text fz="sm" c="dimmed" className="breakable">
            Change first: <Prose text={first.what} />.
          </Text>
        )}
      </SeverityLine>
    </article>
  );
}

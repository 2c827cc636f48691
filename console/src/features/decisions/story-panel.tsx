import type { Event } from '#api/event.ts';
import { Text, Timeline } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { detailOf, wordsFor } from './event-words.ts';

/** What happened, in the order of recording. */
export function StoryPanel({ events }: { events: readonly Event[] }) {
  return (
    <Panel title="What happened">
      <Timeline active={events.length} bulletSize={12} lineWidth={2}>
        {events.map((event) => (
          <Timeline.Item key={event.id} title={wordsFor(event)}>
            <Text fz="sm" className="breakable">
              {detailOf(event)}
            </Text>
            <Text fz="sm" c="dimmed">
              <TimeAgo moment={event.time} /> · event {event.sequence}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Panel>
  );
}

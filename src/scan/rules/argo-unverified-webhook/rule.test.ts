import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const judge = (source: string): string[] => {
  const text = `# --- events.yaml\napiVersion: argoproj.io/v1alpha1\nkind: EventSource\nmetadata: { name: in }\nspec:\n  ${source}\n`;
  return briefly(findingsOf('argo-unverified-webhook', text));
};

it('is for everybody where a provider sends the events', () => {
  expect(judge('gitlab: { app: { events: [PushEvents] } }')).toEqual(['5 medium regular']);
});

it('is for pedants where a plain webhook may be called from inside', () => {
  expect(judge('webhook: { app: { port: "12000" } }')).toEqual(['5 medium pedantic']);
});

it('is silent with a secret, and for sources that nobody sends to', () => {
  expect(judge('github: { app: { webhookSecret: { name: a, key: b } } }')).toEqual([]);
  expect(judge('calendar: { app: { schedule: "0 4 * * *" } }')).toEqual([]);
});

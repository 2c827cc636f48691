import type { ScaffoldedFiles } from './scaffold.ts';

function sink(id: string): string {
  const code = id.replaceAll('-', '_');
  return `import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';
import { exchange, troubleOf } from '../http-answer.ts';
import { failed, type Sink, type SinkContext, type SinkKind } from '../sink.ts';
import { SinkUrl } from '../sink-url.ts';

const Settings = z.strictObject({
  url: SinkUrl,
  token: SecretReference,
});
type Settings = z.infer<typeof Settings>;

async function open(settings: Settings, context: SinkContext): Promise<Sink> {
  const token = await context.resolveSecret(settings.token);
  return {
    async send(batch, signal) {
      const done = await exchange(context.fetch, settings.url, {
        method: 'POST',
        headers: { authorization: \`Bearer \${token.reveal()}\`, 'content-type': 'application/x-ndjson' },
        body: batch.documents.map(({ text }) => \`\${text}\\n\`).join(''),
        signal,
      });
      if ('trouble' in done) return failed(done.trouble);
      const trouble = troubleOf(done.answer, context.clock, [token]);
      // Settled are the documents that are there for certain: what does this receiver's answer say of each?
      const code = '${code}_not_written';
      return failed(trouble ?? { kind: 'refused', code, message: 'The sink ${id} is not written yet.' });
    },
    close: async () => {},
  };
}

export const sink: SinkKind<Settings> = {
  id: '${id}',
  title: '${id}',
  description: 'What it sends and how, in a sentence or two.',
  settings: Settings,
  schemaDefault: 'vouchgate',
  // Of the receiver, with room for what stands around a document.
  limits: { documentsMax: 500, bytesMax: 1_000_000, documentBytesMax: 900_000, delaySeconds: 1 },
  promise: 'What it means that a batch was taken, in a sentence.',
  pitfalls: [],
  open,
};
`;
}

function test(id: string): string {
  const token = `['${id}', 'token'].join('-')`;
  return `import { FakeReceiver } from '../receiver.fake.ts';
import { describeSink, isPoison } from '../sink.contract.ts';
import { sink } from './sink.ts';

const TOKEN = ${token};

// The contract suite disturbs the receiver in every way, and compares what stands in it with the log.
describeSink({
  kind: sink,
  idempotent: false,
  parkedForPoison: 'one',
  open: async () => {
    const stored: unknown[] = [];
    // As strict as the real one: what it refuses has to be refused here.
    const receiver = new FakeReceiver(({ method, headers, body }) => {
      if (method !== 'POST') return { status: 405 };
      if (headers['authorization'] !== \`Bearer \${TOKEN}\`) return { status: 401 };
      if (headers['content-type'] !== 'application/x-ndjson') return { status: 415 };
      if (isPoison(body)) return { status: 400 };
      stored.push(...body.trim().split('\\n'));
      return { status: 200, body: '{}' };
    });
    await receiver.listen();
    return {
      receiver,
      settings: { url: receiver.url, token: { env: 'TOKEN' } },
      secrets: { TOKEN },
      copy: () => stored,
    };
  },
});
`;
}

export function sinkFiles(id: string): ScaffoldedFiles {
  const folder = `src/audit/sinks/${id}`;
  return { [`${folder}/sink.ts`]: sink(id), [`${folder}/sink.test.ts`]: test(id) };
}

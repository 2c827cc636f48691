import { accepted, failed, type Sink, type SinkContext, type SinkKind } from '../sink.ts';
import { readConnectionOptions, sendAndClose, toTrouble } from './connection.ts';
import { formatMessage } from './format-message.ts';
import { SyslogSettings } from './settings.ts';

async function open(settings: SyslogSettings, context: SinkContext): Promise<Sink> {
  return {
    async send(batch, signal) {
      const messages = batch.documents.map((document) => formatMessage(document, settings));
      try {
        await sendAndClose(await readConnectionOptions(settings, context), messages, signal);
        return accepted(batch);
      } catch (error) {
        return failed(toTrouble(error));
      }
    },
    close: async () => {},
  };
}

export const sink: SinkKind<SyslogSettings> = {
  id: 'syslog',
  title: 'Syslog over TLS',
  description:
    'Sends RFC 5424 messages over TLS (RFC 5425), the event as JSON in the message, its place in the log as structured data. Each batch has a connection of its own, which both sides close in order.',
  settings: SyslogSettings,
  schemaDefault: 'vouchgate',
  // Large, as each batch has a connection and a silence of its own.
  limits: { documentsMax: 10_000, bytesMax: 8_000_000, documentBytesMax: 64_000, delaySeconds: 1 },
  promise:
    'The receiver has read all messages and closed the connection. Syslog has no acknowledgement: what it does with them, it does not say.',
  pitfalls: [
    'Receivers cut long messages without a word: set rsyslog’s `maxMessageSize` to 128k.',
    'The receiver must close its side when we have closed ours, as rsyslog and syslog-ng do; a relay that keeps it open makes each batch time out and come again.',
    'After a failure an event can be there twice. The copy is compared from an export: vouchgate audit reconcile NAME --file EXPORT.',
  ],
  open,
  async check(settings, context, signal) {
    try {
      await sendAndClose(await readConnectionOptions(settings, context), [], signal);
      return [];
    } catch (error) {
      return [toTrouble(error).message];
    }
  },
};

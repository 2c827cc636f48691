import { type FakeAnswer, FakeReceiver, type FakeRequest } from '../receiver.fake.ts';
import { isPoison } from '../sink.contract.ts';

const TOKEN = ['11111111', '2222', '3333', '4444', '555555555555'].join('-');
const SEARCH_TOKEN = ['search', 'token', 'value'].join('.');
const REQUEST_BYTES_MAX = 1_000_000;

interface Stored {
  readonly raw: string;
  readonly fields: Record<string, unknown>;
}

function answer(status: number, code: number, more: object = {}): FakeAnswer {
  return { status, body: JSON.stringify({ text: `code ${code}`, code, ...more }) };
}

/** Objects one after the other, as HEC reads them; undefined when it is no such thing. */
function readObjects(body: string): Record<string, unknown>[] | undefined {
  try {
    return body.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

/** An HTTP Event Collector with indexer acknowledgement, and the export of its searches. */
export class FakeSplunk {
  readonly stored: Stored[] = [];
  readonly receiver = new FakeReceiver((request) => this.#handle(request));
  readonly secrets = { HEC_TOKEN: TOKEN, SEARCH_TOKEN };
  readonly #pending = new Map<string, Map<number, Stored[]>>();
  readonly #acknowledgement: boolean;
  /** Polls until an acknowledgement comes; Infinity: the indexer has lost it. */
  pollsNeeded = 2;
  #polls = 0;
  #ids = 0;

  constructor(acknowledgement: boolean) {
    this.#acknowledgement = acknowledgement;
  }

  get settings() {
    return {
      url: this.receiver.url,
      token: { env: 'HEC_TOKEN' },
      index: 'audit',
      acknowledgement: this.#acknowledgement,
      search: { url: this.receiver.url, token: { env: 'SEARCH_TOKEN' } },
    };
  }

  #handle(request: FakeRequest): FakeAnswer {
    if (request.path === '/services/search/v2/jobs/export') return this.#export(request);
    if (request.headers['authorization'] !== `Splunk ${TOKEN}`) return answer(403, 4);
    if (request.path === '/services/collector/ack') return this.#ack(request);
    return request.path === '/services/collector/event' ? this.#collect(request) : { status: 404 };
  }

  #collect({ headers, bytes, body }: FakeRequest): FakeAnswer {
    if (bytes.length > REQUEST_BYTES_MAX) return { status: 413 };
    const channel = headers['x-splunk-request-channel'];
    if (this.#acknowledgement && channel === undefined) return answer(400, 10);
    const objects = readObjects(body);
    if (objects === undefined) return answer(400, 6);
    const taken: Stored[] = [];
    for (const [at, object] of objects.entries()) {
      const invalid = { 'invalid-event-number': at };
      if (object['event'] === undefined) return answer(400, 12, invalid);
      if (Object.values(Object(object['fields'])).some((value) => typeof value === 'object'))
        return answer(400, 15, invalid);
      if (object['index'] !== 'audit') return answer(400, 7, invalid);
      const raw = JSON.stringify(object['event']);
      if (isPoison(raw)) {
        // What came before it is indexed, although the request failed.
        if (!this.#acknowledgement) this.stored.push(...taken);
        return answer(400, 6, invalid);
      }
      taken.push({ raw, fields: { ...Object(object['fields']) } });
    }
    if (!this.#acknowledgement) {
      this.stored.push(...taken);
      return answer(200, 0);
    }
    this.#ids += 1;
    const ofChannel = this.#pending.get(channel ?? '') ?? new Map<number, Stored[]>();
    this.#pending.set(channel ?? '', ofChannel.set(this.#ids, taken));
    return answer(200, 0, { ackId: this.#ids });
  }

  #ack({ query, body }: FakeRequest): FakeAnswer {
    const ofChannel = this.#pending.get(query.get('channel') ?? '');
    if (ofChannel === undefined) return answer(400, 11);
    this.#polls += 1;
    const { acks } = JSON.parse(body) as { acks: number[] };
    const done = this.#polls % (this.pollsNeeded + 1) >= this.pollsNeeded;
    const told = acks.map((id) => {
      const events = done ? ofChannel.get(id) : undefined;
      if (events === undefined) return [id, false];
      // Told once, then forgotten.
      ofChannel.delete(id);
      this.stored.push(...events);
      return [id, true];
    });
    return { status: 200, body: JSON.stringify({ acks: Object.fromEntries(told) }) };
  }

  #export({ headers, body }: FakeRequest): FakeAnswer {
    if (headers['authorization'] !== `Bearer ${SEARCH_TOKEN}`) return { status: 401 };
    const search = new URLSearchParams(body).get('search') ?? '';
    const range = /vouchgate_index>=(\d+) vouchgate_index<(\d+)/.exec(search);
    if (range === null || !search.startsWith('search index="audit" sourcetype="vouchgate:audit"'))
      return { status: 400 };
    const [from, until] = [Number(range[1]), Number(range[2])];
    const inverted = search.includes('NOT (');
    const rows = this.stored.filter(({ fields }) => {
      const index = Number(fields['vouchgate_index'] ?? Number.NaN);
      return (index >= from && index < until) !== inverted;
    });
    return {
      status: 200,
      body: rows
        .map(({ raw }, offset) => JSON.stringify({ preview: false, offset, result: { _raw: raw } }))
        .join('\n'),
    };
  }
}

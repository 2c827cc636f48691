import { FakeReceiver, type FakeAnswer, type FakeRequest } from '../receiver.fake.ts';
import { isPoison } from '../sink.contract.ts';

const KEY = ['a2V5', 'LXZhbHVl'].join('');

interface Hit {
  _id: string;
  _source: Record<string, unknown>;
}

interface Clause {
  range?: Record<string, { gte: number; lt: number }>;
  bool?: { should?: Clause[]; must_not?: Clause[] };
}

function valueAt(source: unknown, path: string): unknown {
  let value = source;
  for (const key of path.split('.')) value = Reflect.get(Object(value), key);
  return value;
}

function matches(source: unknown, { range, bool }: Clause): boolean {
  if (range !== undefined)
    return Object.entries(range).every(([path, { gte, lt }]) => {
      const value = valueAt(source, path);
      return typeof value === 'number' && value >= gte && value < lt;
    });
  if (bool?.should !== undefined) return bool.should.some((clause) => matches(source, clause));
  return (bool?.must_not ?? []).every((clause) => !matches(source, clause));
}

/** A data stream of Elasticsearch: only `create`, an id once, strict about the form of a bulk request. */
export class FakeElasticsearch {
  readonly hits: Hit[] = [];
  readonly receiver = new FakeReceiver((request) => this.#handle(request));
  readonly secrets = { ES_KEY: KEY };
  /** The next items are refused by an overloaded node (429), though the request is not. */
  overloaded = 0;

  get settings() {
    return { url: this.receiver.url, apiKey: { env: 'ES_KEY' } };
  }

  #handle(request: FakeRequest): FakeAnswer {
    if (request.headers['authorization'] !== `ApiKey ${KEY}`) return { status: 401 };
    if (request.method !== 'POST') return { status: 405 };
    if (request.path === '/logs-vouchgate.audit-default/_bulk') return this.#bulk(request);
    if (request.path === '/logs-vouchgate.audit-default/_search') return this.#search(request);
    // A key that may only read is not let in here.
    return { status: request.path.endsWith('/_refresh') ? 403 : 404 };
  }

  #bulk({ headers, body }: FakeRequest): FakeAnswer {
    if (headers['content-type'] !== 'application/x-ndjson') return { status: 406 };
    const lines = body.split('\n');
    if (lines.pop() !== '' || lines.length % 2 !== 0) return { status: 400, body: 'must end with a newline' };
    const items: object[] = [];
    for (let at = 0; at < lines.length; at += 2)
      items.push(this.#create(lines[at] ?? '', lines[at + 1] ?? ''));
    return { status: 200, body: JSON.stringify({ errors: true, items }) };
  }

  #create(action: string, text: string): object {
    const { create } = JSON.parse(action) as { create?: { _id?: string } };
    const id = create?._id;
    const refuse = (status: number, type: string) => ({
      create: { status, error: { type, reason: 'fake' } },
    });
    if (id === undefined) return refuse(400, 'illegal_argument_exception');
    const source = JSON.parse(text) as Record<string, unknown>;
    if (this.overloaded > 0) {
      this.overloaded -= 1;
      return refuse(429, 'es_rejected_execution_exception');
    }
    if (isPoison(text)) return refuse(400, 'document_parsing_exception');
    if (this.hits.some((hit) => hit._id === id)) return refuse(409, 'version_conflict_engine_exception');
    this.hits.push({ _id: id, _source: source });
    return { create: { status: 201 } };
  }

  #search({ body }: FakeRequest): FakeAnswer {
    const { query, size } = JSON.parse(body) as { query: Clause; size: number };
    if (size > 10_000) return { status: 400 };
    const hits = this.hits.filter(({ _source }) => matches(_source, query)).slice(0, size);
    const answer = { timed_out: false, _shards: { failed: 0 }, hits: { hits } };
    return { status: 200, body: JSON.stringify(answer) };
  }
}

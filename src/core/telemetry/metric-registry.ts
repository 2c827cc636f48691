/** Closed: every value is on the list. `configured`: names that only the operator's configuration can add. */
export type LabelValues = readonly string[] | 'configured';

export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** One sentence, for `# HELP` and the reference table. */
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelValues>>;
  /** Upper bounds of a histogram, ascending, without `+Inf`. */
  readonly buckets?: readonly number[];
}

export type MetricCatalogue = Readonly<Record<string, MetricDefinition>>;

type NamesOf<Catalogue extends MetricCatalogue, Kind extends MetricDefinition['kind']> = {
  [Name in keyof Catalogue]: Catalogue[Name]['kind'] extends Kind ? Name : never;
}[keyof Catalogue] &
  string;

export type LabelsOf<Definition extends MetricDefinition> = {
  readonly [Label in keyof Definition['labels']]: Definition['labels'][Label] extends readonly (infer Value)[]
    ? Value
    : string;
};

/** The figures of one process. Names and labels are checked by the compiler against the catalogue. */
export interface Metrics<Catalogue extends MetricCatalogue = MetricCatalogue> {
  count<Name extends NamesOf<Catalogue, 'counter'>>(
    name: Name,
    labels: LabelsOf<Catalogue[Name]>,
    by?: number,
  ): void;
  set<Name extends NamesOf<Catalogue, 'gauge'>>(
    name: Name,
    labels: LabelsOf<Catalogue[Name]>,
    value: number,
  ): void;
  /** For counters that somebody else keeps: the total itself. */
  setTotal<Name extends NamesOf<Catalogue, 'counter'>>(
    name: Name,
    labels: LabelsOf<Catalogue[Name]>,
    total: number,
  ): void;
  observe<Name extends NamesOf<Catalogue, 'histogram'>>(
    name: Name,
    labels: LabelsOf<Catalogue[Name]>,
    value: number,
  ): void;
  /** Forgets all series of a gauge, before it is filled again: what is gone must not go on being shown. */
  reset(name: NamesOf<Catalogue, 'gauge'>): void;
  /** Prometheus text format 0.0.4. */
  expose(): string;
}

interface Series {
  readonly values: readonly string[];
  value: number;
  /** Of a histogram: how many fell into each bucket, not cumulated; the last is `+Inf`. */
  readonly counts: number[];
  total: number;
}

/** A label whose values come from a configuration stays bounded whatever somebody writes there. */
const SERIES_MAX = 500;
const LABEL_CHARS_MAX = 100;
const OTHER = 'other';

class Metric {
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly #labels: readonly string[];
  readonly #series = new Map<string, Series>();

  constructor(name: string, definition: MetricDefinition) {
    this.name = name;
    this.definition = definition;
    this.#labels = Object.keys(definition.labels);
    // What has no labels is there from the start, as 0: a rate over what appears later would miss the first.
    if (this.#labels.length === 0) this.series({});
  }

  series(labels: object): Series {
    const values = this.#labels.map((label) => this.#bounded(label, String(Reflect.get(labels, label))));
    const found = this.#series.get(values.join('\0'));
    if (found !== undefined) return found;
    const full = this.#series.size >= SERIES_MAX;
    return this.#add(full ? this.#labels.map(() => OTHER) : values);
  }

  /** A value that is not on a closed list is counted all the same, under another name. */
  #bounded(label: string, value: string): string {
    const allowed = this.definition.labels[label];
    if (allowed === 'configured') return value.slice(0, LABEL_CHARS_MAX).toWellFormed();
    return allowed?.includes(value) === true ? value : OTHER;
  }

  #add(values: readonly string[]): Series {
    const key = values.join('\0');
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const buckets = this.definition.buckets?.length ?? -1;
    const series = {
      values,
      value: 0,
      counts: Array.from<number>({ length: buckets + 1 }).fill(0),
      total: 0,
    };
    this.#series.set(key, series);
    return series;
  }

  clear(): void {
    this.#series.clear();
  }

  observe(series: Series, value: number): void {
    const buckets = this.definition.buckets ?? [];
    const found = buckets.findIndex((bound) => value <= bound);
    const at = found === -1 ? buckets.length : found;
    series.counts[at] = (series.counts[at] ?? 0) + 1;
    series.value += value;
    series.total += 1;
  }

  lines(): string[] {
    const head = [
      `# HELP ${this.name} ${escapeHelp(this.definition.help)}`,
      `# TYPE ${this.name} ${this.definition.kind}`,
    ];
    return [...head, ...[...this.#series.values()].flatMap((series) => this.#lines(series))];
  }

  #lines(series: Series): string[] {
    const pairs = this.#labels.map((label, at) => `${label}="${escapeLabel(series.values[at] ?? '')}"`);
    if (this.definition.kind !== 'histogram')
      return [`${this.name}${braced(pairs)} ${formatNumber(series.value)}`];
    let cumulated = 0;
    const bounds = [...(this.definition.buckets ?? []), Number.POSITIVE_INFINITY];
    const buckets = bounds.map((bound, at) => {
      cumulated += series.counts[at] ?? 0;
      return `${this.name}_bucket${braced([...pairs, `le="${formatNumber(bound)}"`])} ${cumulated}`;
    });
    return [
      ...buckets,
      `${this.name}_sum${braced(pairs)} ${formatNumber(series.value)}`,
      `${this.name}_count${braced(pairs)} ${series.total}`,
    ];
  }
}

function braced(pairs: readonly string[]): string {
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function formatNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

export function createMetrics<const Catalogue extends MetricCatalogue>(
  catalogue: Catalogue,
): Metrics<Catalogue> {
  const metrics = new Map(
    Object.entries(catalogue).map(([name, definition]) => [name, new Metric(name, definition)]),
  );
  const find = (name: string): Metric => {
    const metric = metrics.get(name);
    if (metric === undefined) throw new TypeError(`there is no metric ${name}`);
    return metric;
  };
  return {
    count: (name, labels, by = 1) => {
      find(name).series(labels).value += by;
    },
    set: (name, labels, value) => {
      find(name).series(labels).value = value;
    },
    setTotal: (name, labels, total) => {
      find(name).series(labels).value = total;
    },
    observe: (name, labels, value) => {
      const metric = find(name);
      metric.observe(metric.series(labels), value);
    },
    reset: (name) => find(name).clear(),
    expose: () => `${[...metrics.values()].flatMap((metric) => metric.lines()).join('\n')}\n`,
  };
}

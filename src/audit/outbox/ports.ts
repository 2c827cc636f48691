/** How a sink is doing; kept beside its cursor, so that every server and `vouchgate audit sinks` see the same. */
export interface SinkHealth {
  /**
   * `closed`: events flow, or a failure is being retried. `open`: it has failed several times in a row, and is tried
   * with one event now and then.
   */
  readonly circuit: 'closed' | 'open';
  /** Failed attempts since the last success. */
  readonly failures: number;
  /** Not tried again until somebody asks for it. */
  readonly stopped: boolean;
  /** Not tried before (ms since the epoch). */
  readonly nextAttemptAtMs: number;
  readonly lastAttemptAtMs: number;
  readonly lastSuccessAtMs: number | undefined;
  readonly lastError: { readonly code: string; readonly message: string; readonly atMs: number } | undefined;
}

/** Where a sink is in the log. All before `nextIndex` is there, or parked. */
export interface SinkCursor {
  readonly name: string;
  /** Where it began. */
  readonly firstIndex: number;
  readonly nextIndex: number;
  /** Of the event before `nextIndex`; 0 when there is none. */
  readonly lastSequence: number;
  readonly health: SinkHealth;
  /** When somebody asked for another try (ms since the epoch); 0: never. */
  readonly retryAskedAtMs: number;
}

/** An entry of the log, and the sequence of the one before it. */
export interface SinkStart {
  readonly index: number;
  readonly sequence: number;
}

/** An event that a sink will not take. Nothing behind it waits for it. */
export interface ParkedEvent {
  readonly index: number;
  readonly sequence: number;
  readonly eventId: string;
  readonly code: string;
  readonly message: string;
  readonly parkedAtMs: number;
  /** Somebody asked for another try. */
  readonly retryAsked: boolean;
}

/** What was settled by one batch. All of it becomes durable at once, or nothing of it. */
export interface SinkStep {
  readonly name: string;
  /** Who does this; must hold the sink. */
  readonly server: string;
  readonly fromIndex: number;
  readonly nextIndex: number;
  readonly lastSequence: number;
  readonly health: SinkHealth;
  readonly parked: readonly ParkedEvent[];
}

/** The outbox: there is no row for each event, as the record has them all, in order; only how far each sink is. */
export interface SinkStore {
  /**
   * Makes the cursor of a sink that is new. One that is there stays as it is, unless it stands before what the log still
   * keeps: then it begins there.
   */
  open(name: string, start: SinkStart, kept?: SinkStart): Promise<void>;
  find(name: string): Promise<SinkCursor | undefined>;
  list(): Promise<readonly SinkCursor[]>;
  /**
   * Makes this server the one that works on the sink until then, unless another one is. Spares duplicates: that none is
   * lost is `settle`'s part.
   */
  hold(name: string, server: string, nowMs: number, untilMs: number): Promise<boolean>;
  /** Compare and set on the cursor and on who holds it; false when another server was faster. */
  settle(step: SinkStep): Promise<boolean>;
  /** Keeps how it is doing, where nothing was settled. */
  report(name: string, server: string, health: SinkHealth): Promise<void>;
  /** By index. At most 1,000. */
  parked(
    name: string,
    filter: { readonly afterIndex?: number; readonly retryAsked?: boolean; readonly limit: number },
  ): Promise<readonly ParkedEvent[]>;
  countParked(name: string): Promise<number>;
  /** It was taken after all. */
  unpark(name: string, index: number): Promise<void>;
  /** It was refused again. */
  park(name: string, event: ParkedEvent): Promise<void>;
  /** Asks whoever holds the sink to try at once, parked events too. False when there is no such sink. */
  askRetry(name: string, nowMs: number): Promise<boolean>;
}

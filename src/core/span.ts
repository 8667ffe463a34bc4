/** Spans of a trace, as a port: `process/tracing` implements it, and nothing else knows OpenTelemetry. */

/**
 * The facts that a span can hold. There is no field for text of a request or reply, so that no secret
 * can get into a trace: names and templates from our code, ids, statuses, counts.
 */
export interface SpanFacts {
  readonly method?: string | undefined;
  /** The path template. */
  readonly route?: string | undefined;
  readonly status?: number | undefined;
  readonly operation?: string | undefined;
  readonly requestId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly tenantId?: string | undefined;
  /** The slug of the problem that the request ended in. */
  readonly problem?: string | undefined;
  readonly workosClass?: string | undefined;
  /** The method and path template of WorkOS, or the name of the call. */
  readonly workosOperation?: string | undefined;
  /** 1 for the second attempt. */
  readonly retry?: number | undefined;
  /** The name of the SQL statement, or its first word. */
  readonly statement?: string | undefined;
  readonly host?: string | undefined;
  readonly endpointId?: string | undefined;
  readonly eventId?: string | undefined;
  readonly eventName?: string | undefined;
  readonly outcome?: string | undefined;
  readonly task?: string | undefined;
  readonly eventsApplied?: number | undefined;
  readonly isLeading?: boolean | undefined;
  /** The kind of error that the work ended with: a code or a name, never a message. */
  readonly error?: string | undefined;
}

export interface SpanStart {
  /** One of few: a template or a name from our code. */
  readonly name: string;
  readonly kind: 'server' | 'client' | 'database' | 'internal';
  readonly facts?: SpanFacts;
}

export interface Span {
  readonly traceId: string;
  /** The header that continues the trace elsewhere (W3C Trace Context). */
  readonly traceparent: string;
  /** Starts a span below this one. Returns undefined if it is not recorded. */
  child(start: SpanStart): Span | undefined;
  set(facts: SpanFacts): void;
  end(): void;
}

export interface RootStart extends SpanStart {
  /** The `traceparent` header of a caller that may continue its trace here. Ignored if malformed. */
  readonly traceparent?: string | undefined;
  /** A time of `performance.now()`. Default: now. */
  readonly startedAt?: number;
}

export interface Tracer {
  /** Starts a trace, or continues one. */
  start(start: RootStart): Span;
  /**
   * A span for one round of a task that mostly finds nothing to do. It is recorded only if a call to
   * another service is made below it, or a fact is set.
   */
  startIfBusy(start: SpanStart): Span;
  /** Sends the spans that are waiting, for 2 s at most. */
  close(): Promise<void>;
}

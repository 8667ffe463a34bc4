import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Context,
  type Tracer as SdkTracer,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import type { RootStart, Span, SpanFacts, SpanStart } from '../../core/span.ts';
import { attributesOf, DATABASE } from './attributes.ts';

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  database: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
} as const;

/** Starts a trace, or continues the one of a caller. `tracestate` and `baggage` are not read. */
export const startRoot = (tracer: SdkTracer, start: RootStart): Span =>
  startIn(tracer, contextFrom(start.traceparent), start, start.startedAt);

function contextFrom(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
}

function startIn(
  tracer: SdkTracer,
  context: Context,
  { name, kind, facts = {} }: SpanStart,
  startTime = performance.now(),
): Span {
  const attributes = {
    ...attributesOf(facts),
    ...(kind === 'database' && DATABASE),
  };
  const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, startTime }, context);
  const below = trace.setSpan(context, span);
  const { traceId, spanId, traceFlags } = span.spanContext();
  const flags = traceFlags & TraceFlags.SAMPLED ? '01' : '00';
  const self: Span = {
    traceId,
    traceparent: `00-${traceId}-${spanId}-${flags}`,
    // A trace that is not recorded costs one span.
    child: (start) => (span.isRecording() ? startIn(tracer, below, start) : self),
    set(changed) {
      span.setAttributes(attributesOf(changed));
      // Without an exception or a status text: both may quote a request or a reply.
      if (changed.error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    },
    end() {
      span.end(performance.now());
    },
  };
  return self;
}

/** Starts the span late, with the time of this call, once there is a reason to record it. */
export function startLate(tracer: SdkTracer, start: SpanStart): Span {
  const startedAt = performance.now();
  let span: Span | undefined;
  const begin = (): Span => (span ??= startRoot(tracer, { ...start, startedAt }));
  return {
    get traceId() {
      return begin().traceId;
    },
    get traceparent() {
      return begin().traceparent;
    },
    child: (below) => (span || below.kind === 'client' ? begin().child(below) : undefined),
    set(facts: SpanFacts) {
      begin().set(facts);
    },
    end() {
      span?.end();
    },
  };
}

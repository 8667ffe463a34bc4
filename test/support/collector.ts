/** An OpenTelemetry collector that keeps what it is sent. */
import { startReceiver, type Receiver } from './receiver.ts';

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined or empty: the first span of its trace. */
  readonly parentSpanId?: string;
  readonly name: string;
  /** 1: internal, 2: server, 3: client */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The attributes of the process. */
  readonly resource: Readonly<Record<string, unknown>>;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly events: readonly unknown[];
}

export interface Collector extends Receiver {
  readonly spans: () => CollectedSpan[];
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
type Sent = Omit<CollectedSpan, 'attributes' | 'resource'> & { readonly attributes: Attribute[] };
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Sent[] }[];
  }[];
}

export async function startCollector(): Promise<Collector> {
  const receiver = await startReceiver();
  receiver.answer = (_request, res) => res.setHeader('content-type', 'application/json').end('{}');
  return Object.assign(receiver, {
    spans: () =>
      receiver.on('/v1/traces').flatMap(({ body }) => spansIn(JSON.parse(body) as Export)),
  });
}

const spansIn = ({ resourceSpans }: Export): CollectedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        attributes: valuesOf(span.attributes),
        resource: valuesOf(resource.attributes),
      })),
    ),
  );

const valuesOf = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { ExportResultCode, parseKeyPairsIntoRecord } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import type { TracingConfig, SamplerName } from '../../config/config.ts';
import { runInBackground } from '../../core/caller.ts';
import { packageFile } from '../../core/package-files.ts';
import type { Tracer } from '../../core/span.ts';
import { withTimeout } from '../../core/with-timeout.ts';
import { startLate, startRoot } from './spans.ts';

export interface OtelOptions extends TracingConfig {
  /** `gateway` or `worker` */
  readonly role: string;
  readonly onExported: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** For one batch, with its retries. It is also how long the last batch may take when the process ends. */
const EXPORT_MS = 2_000;
/** Finished spans that wait; further ones are dropped. About 2 MB. */
const MAX_WAITING = 2_048;

/** Exports spans as OTLP over HTTP, in JSON. Registers nothing globally and patches no module. */
export function openOtel(options: OtelOptions): Tracer {
  let isClosed = false;
  const onFailure = (error: unknown): void => {
    if (!isClosed) options.onFailure(error);
  };
  const agent = options.endpoint.startsWith('https:')
    ? new HttpsAgent({ keepAlive: true })
    : new HttpAgent({ keepAlive: true });
  const provider = new TracerProvider({
    resource: resourceOf(options),
    sampler: samplerOf(options.sampler, options.ratio),
    spanLimits: { attributeValueLengthLimit: 256 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: exporterTo({ ...options, onFailure }, agent),
        maxQueueSize: MAX_WAITING,
        exportTimeoutMillis: EXPORT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('gatehouse');
  return {
    start: (start) => startRoot(tracer, start),
    startIfBusy: (start) => startLate(tracer, start),
    async close() {
      // A failed export has been reported already.
      const shutdown = provider.shutdown().catch(() => undefined);
      const isDone = await withTimeout(
        shutdown.then(() => true),
        EXPORT_MS,
      );
      if (!isDone) onFailure(new Error('timeout'));
      isClosed = true;
      // Lets the process end: an export that hangs would keep its connection open.
      agent.destroy();
    },
  };
}

function resourceOf({ serviceName, resourceAttributes, role }: OtelOptions) {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    readonly version: string;
  };
  return defaultResource()
    .merge(
      resourceFromAttributes({
        [ATTR_SERVICE_VERSION]: version,
        [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
        'gatehouse.role': role,
        ...parseKeyPairsIntoRecord(resourceAttributes),
      }),
    )
    .merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: serviceName }));
}

function exporterTo(
  { endpoint, headers, onExported, onFailure }: OtelOptions,
  agent: HttpAgent | HttpsAgent,
): SpanExporter {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: parseKeyPairsIntoRecord(headers?.reveal()),
    timeoutMillis: EXPORT_MS,
    httpAgentOptions: () => agent,
  });
  return {
    export(spans, done) {
      // A request may fill the batch; the export is not done on its behalf.
      runInBackground(() => {
        exporter.export(spans, (result) => {
          if (result.code === ExportResultCode.SUCCESS) onExported();
          else onFailure(result.error);
          done(result);
        });
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}

/** The samplers of the specification, by their names in `OTEL_TRACES_SAMPLER`. */
function samplerOf(name: SamplerName, ratio: number): Sampler {
  const root = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  };
  return name.startsWith('parentbased_')
    ? new ParentBasedSampler({ root: root[name.slice(12) as keyof typeof root]() })
    : root[name as keyof typeof root]();
}

import { z } from 'zod';
import { secret } from './schemas.ts';
import type { Setting } from './setting.ts';

/** Names of `OTEL_TRACES_SAMPLER` (OpenTelemetry, SDK environment variables). */
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export type SamplerName = (typeof SAMPLERS)[number];

const keyPairs = z
  .string()
  .regex(/^[^=,]+=[^,]+(,[^=,]+=[^,]+)*$/, 'must be name=value, comma separated')
  .refine(isDecodable, 'must be percent-encoded');

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    // A stray percent sign.
    return false;
  }
}

/** Traces. The names and meanings are OpenTelemetry’s. */
export const TRACING = {
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    description:
      'The base URL of an OpenTelemetry collector’s HTTP receiver, e.g. `http://collector:4318`. Traces are sent to its `/v1/traces`, in JSON. Default: no traces.',
    schema: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .refine((url) => !/[?#]/.test(url), 'must have no query'),
    optional: true,
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    description:
      'Headers for the collector, such as a key: `name=value`, comma separated, values percent-encoded.',
    schema: secret(keyPairs),
    secret: true,
    optional: true,
  },
  OTEL_SERVICE_NAME: {
    description: 'The name of the service in traces.',
    schema: z.string().max(255, 'must have 255 characters at most'),
    default: 'gatehouse',
  },
  OTEL_RESOURCE_ATTRIBUTES: {
    description:
      'Attributes of every span, such as `deployment.environment.name=prod`; comma separated, values percent-encoded.',
    schema: keyPairs,
    optional: true,
  },
  OTEL_TRACES_SAMPLER: {
    description: `Which traces are recorded: ${SAMPLERS.map((name) => `\`${name}\``).join(', ')}. Those that begin with \`parentbased_\` follow the decision of the calling client, if it sent one.`,
    schema: z.enum(SAMPLERS, { error: 'must be a sampler of OpenTelemetry' }),
    default: 'parentbased_always_on',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    description: 'The part of traces that a ratio sampler records, from 0 to 1.',
    schema: z.coerce
      .number({ error: 'must be a number' })
      .min(0, 'must be 0 at least')
      .max(1, 'must be 1 at most'),
    default: '1',
  },
} as const satisfies Record<string, Setting>;

import type { Logger } from 'pino';
import type { Config } from '../../config/config.ts';
import { describeCause } from '../../core/describe-cause.ts';
import type { Tracer } from '../../core/span.ts';
import { createLogThrottle } from '../../core/log-throttle.ts';

/** Loads OpenTelemetry if traces are wanted. Returns undefined, and loads nothing, if not. */
export async function openTracer(
  { tracing }: Config,
  logger: Logger,
  role: 'gateway' | 'worker',
): Promise<Tracer | undefined> {
  if (!tracing) return undefined;
  const { openOtel } = await import('./otel.ts');
  const failing = createLogThrottle((cause) => {
    logger.warn(
      { cause },
      'traces could not be sent to OTEL_EXPORTER_OTLP_ENDPOINT and are dropped',
    );
  });
  return openOtel({
    ...tracing,
    role,
    onExported: failing.reset,
    onFailure(error) {
      failing.say(causeOf(error));
    },
  });
}

/** The exporter's errors have a status, or a message that tells a timeout. What the collector said is left out. */
function causeOf(error: unknown): string {
  const { code, message = '' } = (error ?? {}) as { code?: unknown; message?: string };
  if (typeof code === 'number') return `status ${code}`;
  return /\btime(d )?out\b/i.test(message) ? 'no answer within 2 s' : describeCause(error);
}

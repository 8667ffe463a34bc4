import { pino, type Logger, type LoggerOptions } from 'pino';
import type { Config } from '../config/config.ts';
import { currentSpan } from '../core/tracing.ts';

/** Lines are written in batches of 8 kB or every 100 ms: one write per line costs more than the line itself. */
const BATCH = { sync: false, minLength: 8 * 1024, periodicFlush: 100 };

/**
 * Logs JSON lines with ISO times to stdout. Errors, requests and responses are never serialised.
 * Lines still in the batch are written when the process exits.
 */
export const createLogger = (config: Pick<Config, 'logLevel' | 'tracing'>): Logger =>
  pino(
    {
      level: config.logLevel,
      ...traceOfLines(config),
      base: { service: 'gatehouse' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: {
        err: () => '[not logged]',
        req: () => '[not logged]',
        res: () => '[not logged]',
      },
    },
    pino.destination(BATCH),
  );

/** Names in each line the trace that it belongs to. Without traces nothing is added, and a line costs no more. */
export const traceOfLines = ({ tracing }: Pick<Config, 'tracing'>): LoggerOptions =>
  tracing ? { mixin: () => ({ trace_id: currentSpan()?.traceId }) } : {};

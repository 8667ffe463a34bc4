import { pino, type Logger } from 'pino';

/** Lines are written in batches of 8 kB or every 100 ms: one write per line costs more than the line itself. */
const BATCH = { sync: false, minLength: 8 * 1024, periodicFlush: 100 };

/**
 * Logs JSON lines with ISO times to stdout. Errors, requests and responses are never serialised.
 * Lines still in the batch are written when the process exits.
 */
export const createLogger = (level: string): Logger =>
  pino(
    {
      level,
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

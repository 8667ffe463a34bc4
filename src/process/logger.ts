import { pino, type Logger } from 'pino';

/** Lines wait for so many bytes or so long, whichever comes first: a write for each costs more than the line. */
const BATCH = { sync: false, minLength: 8 * 1024, periodicFlush: 100 };

/**
 * JSON on stdout, one object a line, ISO times. No serializer walks an error or a request. Written
 * in batches, and what still waits when the process ends is written then.
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

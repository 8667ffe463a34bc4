import { pino, type Logger } from 'pino';

/** JSON on stdout, one object a line, ISO times. No serializer walks an error or a request. */
export const createLogger = (level: string): Logger =>
  pino({
    level,
    base: { service: 'gatehouse' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: {
      err: () => '[not logged]',
      req: () => '[not logged]',
      res: () => '[not logged]',
    },
  });

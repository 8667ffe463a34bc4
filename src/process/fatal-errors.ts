import type { Logger } from 'pino';

const KINDS = ['unhandledRejection', 'uncaughtException'] as const;
const MAX_FRAMES = 8;

/** After a failure that nobody handled, the process has so long to stop in good order. */
const STOP_WITHIN_MS = 15_000;

/**
 * Resolves when a failure reaches the process that nobody handled, after it was logged. Its state
 * is not known any more then: the caller stops, and whoever does not end in time is ended with 1.
 */
export function waitForFatalError(logger: Logger): Promise<'fatal'> {
  const { promise, resolve } = Promise.withResolvers<'fatal'>();
  for (const kind of KINDS)
    process.on(kind, (error: unknown) => {
      logger.fatal({ kind, ...errorFacts(error) }, 'a failure that nobody handled; stopping');
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      resolve('fatal');
    });
  return promise;
}

/** Names, codes and places. Never a message: it may quote a URL, a token or a value. */
export function errorFacts(error: unknown) {
  if (!(error instanceof Error)) return { error: typeof error };
  return {
    ...namesOf(error),
    ...(error.cause instanceof Error && { cause: namesOf(error.cause) }),
    at: framesOf(error),
  };
}

const namesOf = (error: Error) => ({
  error: error.constructor.name,
  code: 'code' in error && /^\w{1,50}$/.test(String(error.code)) ? String(error.code) : undefined,
});

/** Where it arose: in our code, or if no frame is ours, where the libraries are. */
function framesOf({ name, message, stack = '' }: Error): string[] {
  // The stack begins with the message, which may look like frames itself.
  const at = stack.indexOf(message);
  const head = at >= 0 && at <= name.length + 40 ? at + message.length : 0;
  const frames = stack
    .slice(head)
    .split('\n')
    .flatMap((line) => /^ {4}at .*?((?:node:|\/)[\w@./+-]+:\d+):\d+\)?$/.exec(line)?.[1] ?? [])
    .map((frame) => frame.replace(/^.*?\/(?=(?:src|dist|node_modules)\/)/, ''));
  const ours = frames.filter((frame) => !/^node:|node_modules\//.test(frame));
  return (ours.length > 0 ? ours : frames).slice(0, MAX_FRAMES);
}

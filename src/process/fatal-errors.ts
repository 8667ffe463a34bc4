import type { Logger } from 'pino';

const KINDS = ['unhandledRejection', 'uncaughtException'] as const;
const MAX_FRAMES = 8;

/** How long the process may take to shut down cleanly after an unhandled error. */
const STOP_WITHIN_MS = 15_000;

/**
 * Resolves after the first unhandled error was logged. The state of the process is then unknown: the
 * caller must stop it, and if it has not ended in time it exits with code 1.
 */
export function waitForFatalError(logger: Logger): Promise<'fatal'> {
  const { promise, resolve } = Promise.withResolvers<'fatal'>();
  for (const kind of KINDS)
    process.on(kind, (error: unknown) => {
      logger.fatal({ kind, ...errorFacts(error) }, 'unhandled error; stopping');
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      resolve('fatal');
    });
  return promise;
}

/**
 * Logs what Node warns of like everything else, as JSON, and without the message. Node itself writes text
 * to stderr, which may quote a URL that a caller sent.
 */
export function logWarnings(logger: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    // Those are about how a checkout is run: TypeScript without a build.
    if (warning.name !== 'ExperimentalWarning')
      logger.warn({ warning: warning.name, ...errorFacts(warning) }, 'Node.js warns');
  });
}

/** Names, codes and stack frames. Never the message: it may quote a URL, a token or a value. */
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

/** The frames in our own code, or if there are none, all frames. */
function framesOf({ name, message, stack = '' }: Error): string[] {
  // The stack begins with the message, which may itself look like frames.
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

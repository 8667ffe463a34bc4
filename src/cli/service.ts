import type { Logger } from 'pino';
import { mistypedSettings, type Config } from '../config/config.ts';
import { StartupError } from '../process/startup-check.ts';
import type { Terminal } from './output.ts';

/** An orchestrator kills after 30 s, and a frozen database never closes its connections; so exit before that. */
const EXIT_AFTER_MS = 28_000;

/** A process that runs until it is told to stop. */
interface Service {
  readonly port?: number;
  readonly adminPort: number;
  /** @throws StartupError */
  readonly ready: Promise<void>;
  stop(delayMs?: number): Promise<void>;
}

export type Start = (config: Config, logger: Logger) => Promise<Service>;

/**
 * `gatehouse serve` and `gatehouse worker`: runs until SIGTERM or SIGINT. A second signal skips SHUTDOWN_DELAY_MS.
 *
 * @param fatal resolves after an unhandled error, see `waitForFatalError`. Then requests in progress are answered and the exit code is 1.
 */
export async function serviceCommand(
  start: Start,
  config: Config,
  logger: Logger,
  terminal: Terminal,
  fatal = new Promise<'fatal'>(() => undefined),
): Promise<number> {
  const asked = stopSignals();
  for (const hint of mistypedSettings())
    logger.warn({ hint }, 'a variable of the environment looks like a mistyped setting');
  const service = await start(config, logger).catch((error: unknown) =>
    portProblem(error, terminal),
  );
  if (!service) return 1;
  logger.info({ port: service.port, admin_port: service.adminPort }, 'listening');
  const failed = service.ready.then(
    () => {
      logger.info('ready');
      return asked.first.then(() => undefined);
    },
    (error: unknown) => error,
  );
  const failure = await Promise.race([failed, asked.first, fatal]);
  const code = codeOf(failure, terminal);
  logger.info('stopping');
  const forcedExit = setTimeout(() => process.exit(code), EXIT_AFTER_MS).unref();
  const stopped = service.stop(code === 0 ? config.shutdownDelayMs : 0);
  await Promise.race([stopped, asked.second.then(() => service.stop())]);
  clearTimeout(forcedExit);
  logger.info('stopped');
  return code;
}

function stopSignals() {
  const first = Promise.withResolvers<undefined>();
  const second = Promise.withResolvers<undefined>();
  let count = 0;
  const onSignal = () => {
    count += 1;
    (count === 1 ? first : second).resolve(undefined);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return { first: first.promise, second: second.promise };
}

function portProblem(error: unknown, terminal: Terminal): undefined {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  terminal.err(
    code === 'EADDRINUSE'
      ? `gatehouse: port ${String(port)} is in use; set PORT or ADMIN_PORT\n`
      : `gatehouse: cannot start: ${message}\n`,
  );
  return undefined;
}

/** @param failure undefined after a regular stop */
function codeOf(failure: unknown, terminal: Terminal): number {
  if (failure === undefined) return 0;
  if (failure === 'fatal') return 1;
  terminal.err(
    `gatehouse: ${failure instanceof StartupError ? failure.message : 'the first check of the database failed'}\n`,
  );
  return 1;
}

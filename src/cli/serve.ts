import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { startGatehouse } from '../gatehouse.ts';
import { StartupError } from '../operation/startup-check.ts';
import type { Terminal } from './output.ts';

/** An orchestrator kills after 30 s. A frozen database never says goodbye, so waiting for it has an end. */
const LAST_MOMENT_MS = 28_000;

/** `gatehouse serve`: until SIGTERM or SIGINT; a second one does not wait for the load balancer. */
export async function serveCommand(
  config: Config,
  logger: Logger,
  terminal: Terminal,
): Promise<number> {
  const asked = stopSignals();
  const gatehouse = await startGatehouse(config, logger).catch((error: unknown) =>
    portProblem(error, terminal),
  );
  if (!gatehouse) return 1;
  logger.info({ port: gatehouse.port, admin_port: gatehouse.adminPort }, 'listening');
  const failed = gatehouse.ready.then(
    () => {
      logger.info('ready');
      return asked.first.then(() => undefined);
    },
    (error: unknown) => error,
  );
  const failure = await Promise.race([failed, asked.first]);
  const code = failure === undefined ? 0 : startupFailure(failure, terminal);
  logger.info('stopping');
  const lastMoment = setTimeout(() => process.exit(code), LAST_MOMENT_MS).unref();
  const stopped = gatehouse.stop(code === 0 ? config.shutdownDelayMs : 0);
  await Promise.race([stopped, asked.second.then(() => gatehouse.stop())]);
  clearTimeout(lastMoment);
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

function startupFailure(error: unknown, terminal: Terminal): number {
  terminal.err(
    `gatehouse: ${error instanceof StartupError ? error.message : 'the database refused the first look at it'}\n`,
  );
  return 1;
}

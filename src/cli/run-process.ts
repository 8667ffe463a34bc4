import { logWarnings, waitForFatalError } from '../process/fatal-errors.ts';
import type { Terminal } from './output.ts';
import type { Start } from './service.ts';

/** Everything is closed by then, but a frozen database keeps its connections open, and these the process alive. */
const LINGER_MS = 1_000;

/** Runs the gateway or the worker until it is told to stop. @param load imports it */
export async function runProcess(load: () => Promise<Start>, terminal: Terminal): Promise<number> {
  const { loadConfig } = await import('../config/config.ts');
  const { createLogger } = await import('../process/logger.ts');
  const { serviceCommand } = await import('./service.ts');
  const start = await load();
  const config = loadConfig();
  const logger = createLogger(config);
  logWarnings(logger);
  const code = await serviceCommand(start, config, logger, terminal, waitForFatalError(logger));
  setTimeout(() => process.exit(code), LINGER_MS).unref();
  return code;
}

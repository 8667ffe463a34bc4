import { logWarnings, waitForFatalError } from '../process/fatal-errors.ts';
import type { Terminal } from './output.ts';
import type { Start } from './service.ts';

/** Runs the gateway or the worker until it is told to stop. @param load imports it */
export async function runProcess(load: () => Promise<Start>, terminal: Terminal): Promise<number> {
  const { loadConfig } = await import('../config/config.ts');
  const { createLogger } = await import('../process/logger.ts');
  const { serviceCommand } = await import('./service.ts');
  const start = await load();
  const config = loadConfig();
  const logger = createLogger(config);
  logWarnings(logger);
  return serviceCommand(start, config, logger, terminal, waitForFatalError(logger));
}

import { UsageError } from '../cli/arguments.ts';
import type { Terminal } from '../cli/output.ts';
import { overrideSettings } from '../config/config.ts';
import { waitForFatalError } from '../process/fatal-errors.ts';
import { createLogger } from '../process/logger.ts';
import { packageFile } from '../core/package-files.ts';
import { startDevelopment, type Development } from './development.ts';
import { readSettings } from './running-settings.ts';

export { fakeWorkosCommand } from './fake-workos-command.ts';

const DIRECTORY = packageFile('.gatehouse');

/** `gatehouse dev <command>`: the command then runs against the `gatehouse dev` that is running. @throws UsageError */
export function useSettingsOfDevelopment(): void {
  const settings = readSettings(DIRECTORY);
  if (!settings)
    throw new UsageError(
      'takes a command only while gatehouse dev runs in another terminal; PORT, ADMIN_PORT, PRODUCT_PORT and WORKOS_PORT move its ports',
    );
  overrideSettings(settings);
}

/** Prints what `gatehouse dev --help` says. @returns exit code */
export function devUsage(summary: string, terminal: Terminal): 0 {
  terminal.out(
    `usage: gatehouse dev [<command> …]
  Without a command: ${summary}.
  With one, such as tenants verify: run it against the gatehouse dev that is running; fake-workos and openapi need none.
  gatehouse --help lists the commands. Exit code: that of the command.
`,
  );
  return 0;
}

/** Runs `gatehouse dev` until Ctrl-C. @returns exit code */
export async function devCommand(terminal: Terminal): Promise<number> {
  const fatal = waitForFatalError(createLogger({ logLevel: 'warn', tracing: undefined }));
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  const progress = (step: string) =>
    terminal.err(terminal.attended ? `\r\x1b[K${step}` : `${step}\n`);
  const development = await startDevelopment(DIRECTORY, progress).catch((error: unknown) =>
    reportFailure(error, terminal),
  );
  if (!development) return 1;
  terminal.err(terminal.attended ? '\r\x1b[K' : '');
  terminal.out(welcome(development));
  const reason = await Promise.race([interrupted, fatal]);
  terminal.err('\nStopping…\n');
  await development.stop();
  return reason === 'fatal' ? 1 : 0;
}

function reportFailure(error: unknown, terminal: Terminal): undefined {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  const line =
    code === 'EADDRINUSE'
      ? `port ${String(port)} is in use; stop the process that uses it, or set another port (PORT, ADMIN_PORT, PRODUCT_PORT, WORKOS_PORT)`
      : message;
  terminal.err(`${terminal.attended ? '\r\x1b[K' : ''}gatehouse dev: ${line}\n`);
  return undefined;
}

const welcome = ({
  url,
  adminUrl,
  workerUrl,
  productUrl,
  workosUrl,
  key,
}: Development): string => `Gatehouse is running.

  Product page   ${productUrl}   sign in as Ada (IT admin), Max (member) or with SSO
  Its inbox      ${productUrl}/inbox   the e-mails of launches with send_to
  Gatehouse      ${url}   API docs: ${url}/docs
  Admin port     ${adminUrl}/readyz   ${adminUrl}/metrics
  Its worker     ${workerUrl}/readyz   ${workerUrl}/metrics
  Console        npm run -s dev -- console   prints a link that signs you in
  Fake WorkOS    ${workosUrl}
  Client key     ${key}
  User token     curl -s ${productUrl}/token -d person=ada   for Gatehouse-User-Token

Try:

  curl -s ${url}/v1/tenants -H 'Authorization: Bearer ${key}'

  curl -s ${url}/portal/generate_link -H 'Authorization: Bearer ${key}' \\
    -H 'Gatehouse-User-Id: ada' -H 'Gatehouse-User-Roles: it_admin' \\
    -H 'Content-Type: application/json' -d '{"organization":"acme","intent":"sso"}'

  curl -s -X PUT ${url}/v1/tenants/initech -H 'Authorization: Bearer ${key}' \\
    -H 'Content-Type: application/json' -d '{"name":"Initech"}'

Connect an AI agent (docs/agents.md), e.g. Claude Code:

  claude mcp add --transport http gatehouse ${url}/mcp --header 'Authorization: Bearer ${key}' \\
    --header 'Gatehouse-User-Id: ada' --header 'Gatehouse-User-Roles: it_admin'

The operator's commands, in another terminal:

  npm run -s dev -- tenants verify
  npm run -s dev -- events parked list
  npm run -s gatehouse -- --help   lists all commands

Press Ctrl-C to stop everything. The data is in .gatehouse/; delete that directory to start over.
`;

#!/usr/bin/env node
import { readNoArguments } from './cli/command.ts';
import { asksForHelp, dispatch } from './cli/dispatch.ts';
import { describeFailure } from './cli/failure.ts';
import { processTerminal, type Terminal } from './cli/output.ts';
import { runProcess } from './cli/run-process.ts';
import { withService } from './cli/with-service.ts';
import { packageVersion } from './core/package-files.ts';
import { errorFacts } from './process/fatal-errors.ts';

/** A command. Each loads only the modules it needs. */
interface Entry {
  readonly summary: string;
  /** The command refuses all arguments but `--help`. */
  readonly withoutArguments?: true;
  /** The command reads no settings, so `gatehouse dev <command>` needs no running gatehouse dev. */
  readonly withoutSettings?: true;
  /** Lines of `--help` below the summary, of a command without arguments. */
  readonly help?: readonly string[];
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

const DEV_SUMMARY =
  'start a development environment: Postgres, a fake WorkOS, a demo product, seed data';

const SETTINGS_HELP = [
  'Its settings are environment variables (docs/settings.md); gatehouse doctor says what is wrong with them.',
  'Runs until SIGTERM or Ctrl-C. Exit code 0 if it was stopped so, 1 if it could not start or had to stop.',
];

const COMMANDS: Readonly<Record<string, Entry>> = {
  serve: {
    summary: 'serve HTTP',
    withoutArguments: true,
    help: SETTINGS_HELP,
    run: (_args, terminal) =>
      runProcess(async () => (await import('./process/gateway.ts')).startGateway, terminal),
  },
  worker: {
    summary: 'run background tasks: read and apply WorkOS’s events, deliver webhooks, clean up',
    withoutArguments: true,
    help: SETTINGS_HELP,
    run: (_args, terminal) =>
      runProcess(async () => (await import('./process/worker.ts')).startWorker, terminal),
  },
  migrate: {
    summary: 'migrate the database and grant privileges to the runtime role',
    withoutArguments: true,
    help: [
      'Run it as the owner of the database (DATABASE_MIGRATION_URL), before each roll-out; the service may run.',
    ],
    async run(_args, terminal) {
      const { migrateCommand } = await import('./cli/migrate.ts');
      return migrateCommand(terminal);
    },
  },
  doctor: {
    summary: 'check settings, database, WorkOS and operation, and say what to do',
    async run(args, terminal) {
      const { doctorCommand } = await import('./cli/doctor.ts');
      return doctorCommand(args, terminal);
    },
  },
  clients: {
    summary: 'register clients and manage their rights and keys',
    async run(args, terminal) {
      const { clientsCommand } = await import('./cli/clients.ts');
      return withService(terminal, (service) => clientsCommand(args, service));
    },
  },
  redirects: {
    summary: 'test whether a redirect URI is accepted',
    async run(args, terminal) {
      const { redirectsCommand } = await import('./cli/redirects.ts');
      return withService(terminal, (service) => redirectsCommand(args, service));
    },
  },
  tenants: {
    summary: 'import tenants; compare them with WorkOS’s organizations',
    async run(args, terminal) {
      const { tenantsCommand } = await import('./cli/tenants.ts');
      return withService(terminal, (service) => tenantsCommand(args, service));
    },
  },
  keys: {
    summary: 'show the uses of GATEHOUSE_KEYS and the next step of a rotation',
    async run(args, terminal) {
      const { keysCommand } = await import('./cli/keys.ts');
      return withService(terminal, (service) => keysCommand(args, service));
    },
  },
  maintain: {
    summary: 'delete data older than RETENTION_DAYS, as the worker does once an hour',
    async run(args, terminal) {
      const { maintainCommand } = await import('./cli/maintain.ts');
      return maintainCommand(args, terminal);
    },
  },
  restored: {
    summary: 'revoke old tickets and rebuild the tenant map; run it after restoring a backup',
    async run(args, terminal) {
      const { restoredCommand } = await import('./cli/restored.ts');
      return restoredCommand(args, terminal);
    },
  },
  events: {
    summary: 'find events that were not received; list, retry or drop parked ones',
    async run(args, terminal) {
      const { eventsCommand } = await import('./cli/events.ts');
      return withService(terminal, (service) => eventsCommand(args, service));
    },
  },
  deliveries: {
    summary: 'list webhook endpoints; deliver again what one missed',
    async run(args, terminal) {
      const { deliveriesCommand } = await import('./cli/deliveries.ts');
      return withService(terminal, (service) => deliveriesCommand(args, service));
    },
  },
  console: {
    summary: 'print a link that signs in to the console; list and revoke its sessions',
    async run(args, terminal) {
      const { consoleCommand } = await import('./cli/console.ts');
      return withService(terminal, (service) => consoleCommand(args, service));
    },
  },
  why: {
    summary: 'say why a tenant cannot sign in, and what happened to it',
    async run(args, terminal) {
      const { whyCommand } = await import('./cli/why.ts');
      return withService(terminal, (service) => whyCommand(args, service));
    },
  },
  openapi: {
    summary: 'print the OpenAPI document',
    withoutArguments: true,
    withoutSettings: true,
    async run(_args, terminal) {
      const { OPERATIONS } = await import('./openapi/operations.ts');
      const { openApiDocument } = await import('./openapi/document.ts');
      const { asYaml } = await import('./openapi/yaml.ts');
      terminal.out(asYaml(openApiDocument(OPERATIONS)));
      return 0;
    },
  },
  dev: {
    summary: DEV_SUMMARY,
    async run(args, terminal) {
      const { devCommand, devUsage, useSettingsOfDevelopment } = await import('./dev/command.ts');
      if (args.length === 0) return devCommand(terminal);
      if (args.length === 1 && asksForHelp(args)) return devUsage(DEV_SUMMARY, terminal);
      if (needsSettings(args)) useSettingsOfDevelopment();
      return main(args, terminal);
    },
  },
  'fake-workos': {
    summary: 'start only the fake WorkOS, for the tests of a service',
    withoutSettings: true,
    async run(args, terminal) {
      const { fakeWorkosCommand } = await import('./dev/command.ts');
      return fakeWorkosCommand(args, terminal);
    },
  },
};

/** True if the arguments name a command that works with settings, and ask it for more than its usage. */
const needsSettings = ([name = '', ...rest]: readonly string[]): boolean =>
  Object.hasOwn(COMMANDS, name) && !COMMANDS[name]?.withoutSettings && !asksForHelp(rest);

async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  if (argv.includes('--version') || argv[0] === 'version') {
    terminal.out(`gatehouse ${packageVersion()}\n`);
    return 0;
  }
  const chosen = dispatch('gatehouse', COMMANDS, argv, terminal);
  if (typeof chosen === 'number') return chosen;
  const { path, command, args } = chosen;
  try {
    const code = command.withoutArguments && readNoArguments(path, command, args, terminal);
    return code ?? (await command.run(args, terminal));
  } catch (error) {
    const { code, lines } = describeFailure(error);
    for (const line of lines) terminal.err(`${path}: ${line}\n`);
    return code;
  }
}

// No top-level await: the bundle is CommonJS.
const terminal = processTerminal();
main(process.argv.slice(2), terminal).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.exitCode = 1;
    terminal.err(`gatehouse: unhandled error: ${JSON.stringify(errorFacts(error))}\n`);
  },
);

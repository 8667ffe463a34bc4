/** Runs shell snippets: `curl` is the real one, `gatehouse` is a command of this process. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientsCommand } from '../../../src/cli/clients.ts';
import { consoleCommand } from '../../../src/cli/console.ts';
import { doctorCommand } from '../../../src/cli/doctor.ts';
import { eventsCommand } from '../../../src/cli/events.ts';
import { keysCommand } from '../../../src/cli/keys.ts';
import { maintainCommand } from '../../../src/cli/maintain.ts';
import { migrateCommand } from '../../../src/cli/migrate.ts';
import { redirectsCommand } from '../../../src/cli/redirects.ts';
import { restoredCommand } from '../../../src/cli/restored.ts';
import { tenantsCommand } from '../../../src/cli/tenants.ts';
import { whyCommand } from '../../../src/cli/why.ts';
import type { Terminal } from '../../../src/cli/output.ts';
import { runHere, settingsOf } from '../command-here.ts';
import type { TestApp } from '../test-app.ts';

export interface Shell {
  /**
   * Runs a snippet as printed and stops at the first command that fails.
   *
   * @returns what it printed
   * @throws with what it printed, if a command fails
   */
  run(code: string, env: Readonly<Record<string, string>>): Promise<string>;
  /** Writes a file into the folder in which snippets run. */
  write(name: string, content: string): Promise<void>;
  close(): Promise<void>;
}

/** Sends its arguments to the server below; the last line of the answer is the exit code. */
const SHIM = `#!/bin/sh
answer=$(printf '%s\\0' "$@" | curl -s --data-binary @- "$GATEHOUSE_SHIM")
printf '%s\\n' "$answer" | sed '$d'
exit "$(printf '%s\\n' "$answer" | tail -n 1)"
`;

export async function openShell(gatehouse: TestApp): Promise<Shell> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-snippets-'));
  await writeFile(join(folder, 'gatehouse'), SHIM);
  await chmod(join(folder, 'gatehouse'), 0o755);
  const server = createServer((req, res) => {
    void argumentsOf(req)
      .then((args) => gatehouseCommand(gatehouse, folder, args))
      .then(
        ({ code, out, err }) => res.end(`${out}${err}\n${code}\n`),
        (error: unknown) => res.end(`${String(error)}\n1\n`),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shim = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    run: (code, env) =>
      new Promise((resolve, reject) => {
        const PATH = `${folder}:${process.env.PATH}`;
        const options = { cwd: folder, env: { PATH, GATEHOUSE_SHIM: shim, ...env } };
        execFile('sh', ['-eu', '-c', code], options, (error, out, err) => {
          if (error) reject(new Error(`${error.message}\n${out}${err}`));
          else resolve(out);
        });
      }),
    write: (name, content) => writeFile(join(folder, name), content),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

async function argumentsOf(req: IncomingMessage): Promise<string[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString().split('\0').slice(0, -1);
}

/** Commands whose exit code 1 says that they found something, not that they failed. */
const FIND = /^(doctor|why|events verify|tenants verify)\b/;

/** Runs a command of `gatehouse` with the settings of the running gateway. */
async function gatehouseCommand(
  gatehouse: TestApp,
  folder: string,
  [command = '', ...args]: readonly string[],
) {
  const { db } = gatehouse.database;
  const { config } = gatehouse;
  const context = { db, config, development: true, defaultSignInClient: undefined };
  const files = args.map((arg) => (arg.endsWith('.csv') ? join(folder, arg) : arg));
  const commands: Readonly<Record<string, (terminal: Terminal) => Promise<number>>> = {
    clients: (terminal) => clientsCommand(args, { ...context, terminal }),
    console: (terminal) => consoleCommand(args, { ...context, terminal }),
    doctor: (terminal) => doctorCommand(args, terminal),
    events: (terminal) => eventsCommand(args, { ...context, terminal }),
    keys: (terminal) => keysCommand(args, { ...context, terminal }),
    redirects: (terminal) => redirectsCommand(args, { ...context, terminal }),
    maintain: (terminal) => maintainCommand(args, terminal),
    migrate: (terminal) => migrateCommand(terminal),
    restored: (terminal) => restoredCommand(args, terminal),
    tenants: (terminal) => tenantsCommand(files, { ...context, terminal }),
    why: (terminal) => whyCommand(args, { ...context, terminal }),
  };
  const run = commands[command];
  if (!run) throw new Error(`Snippets cannot run gatehouse ${command} yet: add it to shell.ts.`);
  const { code, out, err } = await runHere(run, settingsOf(gatehouse));
  return { code: code === 1 && FIND.test([command, ...args].join(' ')) ? 0 : code, out, err };
}

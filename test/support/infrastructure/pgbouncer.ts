import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../src/dev/embedded-postgres.ts';
import { newDirectory } from '../fault-world.ts';
import { startDebianProcess, type DebianProcess } from './debian-process.ts';

/** @param size how many sessions of Postgres all clients share */
export async function startPgBouncer(postgresPort: number, size: number): Promise<DebianProcess> {
  const directory = newDirectory();
  const port = await freePort();
  const users = join(directory, 'users.txt');
  writeFileSync(users, '"gatehouse" "gatehouse"\n"postgres" ""\n');
  const settings = join(directory, 'pgbouncer.ini');
  writeFileSync(
    settings,
    `[databases]
* = host=127.0.0.1 port=${postgresPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
admin_users = postgres
pool_mode = transaction
default_pool_size = ${size}
max_client_conn = 200
query_wait_timeout = 1
ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout
`,
  );
  return startDebianProcess('/usr/sbin/pgbouncer', [settings], port);
}

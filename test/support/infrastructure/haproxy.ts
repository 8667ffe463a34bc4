import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../src/dev/embedded-postgres.ts';
import { newDirectory } from '../fault-world.ts';
import { startDebianProcess, type DebianProcess } from './debian-process.ts';

/** A load balancer that asks each replica every 500 ms if it is ready. */
export async function startHaproxy(
  replicas: readonly { readonly port: number; readonly adminPort: number }[],
): Promise<DebianProcess & { readonly url: string }> {
  const directory = newDirectory();
  const port = await freePort();
  const file = join(directory, 'haproxy.cfg');
  const servers = replicas.map(
    ({ port, adminPort }, i) =>
      `  server replica${i} 127.0.0.1:${port} check port ${adminPort} inter 500ms fall 2 rise 1`,
  );
  writeFileSync(
    file,
    `defaults
  mode http
  option redispatch
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout check 5s
frontend public
  bind 127.0.0.1:${port}
  default_backend replicas
backend replicas
  balance roundrobin
  option httpchk GET /readyz
${servers.join('\n')}
`,
  );
  const running = await startDebianProcess('/usr/sbin/haproxy', ['-db', '-f', file], port);
  return { ...running, url: `http://127.0.0.1:${port}` };
}

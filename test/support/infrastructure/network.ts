/** Faults of the network namespace that `npm run test:infrastructure` makes for itself. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Drops packets from and to a port, as a cable that is cut does: nobody is told.
 *
 * @param share of the packets, 0 to 1
 * @returns what ends it
 */
export async function dropPackets(port: number, share = 1): Promise<() => Promise<void>> {
  // Process 1 of its namespaces: the firewall of the machine itself must stay as it is.
  if (process.pid !== 1) throw new Error('Run it with npm run test:infrastructure.');
  const lossy = ['-m', 'statistic', '--mode', 'random', '--probability', String(share)];
  const rules = ['--dport', '--sport'].map((side) => [
    ...['INPUT', '-p', 'tcp', side, String(port)],
    ...(share < 1 ? lossy : []),
    ...['-j', 'DROP'],
  ]);
  for (const rule of rules) await run('iptables', ['-A', ...rule]);
  return async () => {
    for (const rule of rules) await run('iptables', ['-D', ...rule]);
  };
}

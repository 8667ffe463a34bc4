/** Tells clients that a certificate is about to end, 30, 7 and 1 days ahead. */
import type { ExpiringCertificate, SetupStore } from './store.ts';

/** Days ahead, the nearest first. */
const AHEAD = [1, 7, 30];
const DAY_MS = 86_400_000;

type Tx = Parameters<Parameters<SetupStore['tellOf']>[1]>[0];

export interface CertificateDeps {
  readonly store: Pick<SetupStore, 'ending' | 'tellOf'>;
  readonly recordEvent: (
    tx: Tx,
    event: {
      readonly event: 'gatehouse.connection.certificate_expiring';
      readonly tenantId: string;
      readonly data: Readonly<Record<string, unknown>>;
    },
  ) => Promise<void>;
}

/**
 * Safe to repeat as often as one likes: each certificate is told of once for each time ahead, on any number of
 * processes; times that were missed are told as one. A certificate that fails keeps none of the others back.
 *
 * @returns how many events were recorded
 * @throws AggregateError once all were looked at, if some failed
 */
export async function announceExpiring({ store, recordEvent }: CertificateDeps): Promise<number> {
  let count = 0;
  const failures: unknown[] = [];
  for await (const id of store.ending(Math.max(...AHEAD))) {
    const told = store.tellOf(id, (tx, certificate) => announce(tx, certificate, recordEvent));
    count += await told.then(Number, (error: unknown) => {
      failures.push(error);
      return 0;
    });
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Some could not be announced.');
  return count;
}

/** @returns for how many days ahead it told */
async function announce(
  tx: Tx,
  certificate: ExpiringCertificate,
  recordEvent: CertificateDeps['recordEvent'],
): Promise<number | undefined> {
  const { tenantId, connectionId, type, expiresAt } = certificate;
  const ahead = aheadOf(certificate);
  if (ahead === undefined) return undefined;
  const data = {
    connection_id: connectionId,
    certificate_type: type,
    expires_at: expiresAt.toISOString(),
    days: daysLeft(expiresAt),
  };
  await recordEvent(tx, { event: 'gatehouse.connection.certificate_expiring', tenantId, data });
  return ahead;
}

const daysLeft = (end: Date): number => Math.ceil((end.getTime() - Date.now()) / DAY_MS);

/** What is to be told now. Undefined: it has ended, or this or what is nearer was told already. */
function aheadOf({ expiresAt, toldAhead }: ExpiringCertificate): number | undefined {
  if (expiresAt.getTime() <= Date.now()) return undefined;
  const ahead = AHEAD.find((days) => daysLeft(expiresAt) <= days);
  return ahead !== undefined && (toldAhead === null || ahead < toldAhead) ? ahead : undefined;
}

/** Tells clients that a certificate is about to end, 30, 7 and 1 days ahead. */
import type { ExpiringCertificate, SetupStore } from './store.ts';

/** Days ahead, the nearest first. */
const AHEAD = [1, 7, 30];
const DAY_MS = 86_400_000;

type Tx = Parameters<Parameters<SetupStore['eachExpiring']>[1]>[0];

export interface CertificateDeps {
  readonly store: Pick<SetupStore, 'eachExpiring'>;
  readonly recordOwn: (
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
 * processes; times that were missed are told as one.
 *
 * @returns how many events were recorded
 */
export const announceExpiring = ({ store, recordOwn }: CertificateDeps): Promise<number> =>
  store.eachExpiring(Math.max(...AHEAD), async (tx, certificate) => {
    const { tenantId, connectionId, type, expiresAt } = certificate;
    const ahead = aheadOf(certificate);
    if (ahead === undefined) return undefined;
    const data = {
      connection_id: connectionId,
      certificate_type: type,
      expires_at: expiresAt.toISOString(),
      days: daysLeft(expiresAt),
    };
    await recordOwn(tx, { event: 'gatehouse.connection.certificate_expiring', tenantId, data });
    return ahead;
  });

const daysLeft = (end: Date): number => Math.ceil((end.getTime() - Date.now()) / DAY_MS);

/** What is to be told now. Undefined: this, or what is nearer, was told already. */
function aheadOf({ expiresAt, toldAhead }: ExpiringCertificate): number | undefined {
  const ahead = AHEAD.find((days) => daysLeft(expiresAt) <= days);
  return ahead !== undefined && (toldAhead === null || ahead < toldAhead) ? ahead : undefined;
}

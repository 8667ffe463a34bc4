/** Announces certificates that are about to expire, 30, 7 and 1 days ahead. */
import type { Queryable, RecordEvent } from '../core/ports.ts';
import type { CertificateStore, ExpiringCertificate } from './certificates-store.ts';

/** Days ahead, ascending. */
export const AHEAD = [1, 7, 30];
const DAY_MS = 86_400_000;

export interface CertificateDeps {
  readonly store: CertificateStore;
  readonly recordEvent: RecordEvent;
  /** @param ahead for how many days ahead a certificate was announced */
  readonly onAnnounced?: (ahead: number) => void;
}

/**
 * Announces each certificate once per number of days ahead. Idempotent, and safe in any number of
 * processes. Missed announcements are combined. One failing certificate does not block the others.
 *
 * @returns how many events were recorded
 * @throws AggregateError after all were tried, if some failed
 */
export async function announceExpiring({
  store,
  recordEvent,
  onAnnounced,
}: CertificateDeps): Promise<number> {
  let count = 0;
  const failures: unknown[] = [];
  for await (const id of store.mayBeDue(AHEAD)) {
    const announced = store.announceOne(id, async (tx, certificate) => {
      const ahead = await announce(tx, certificate, recordEvent);
      if (ahead !== undefined) onAnnounced?.(ahead);
      return ahead;
    });
    count += await announced.then(Number, (error: unknown) => {
      failures.push(error);
      return 0;
    });
  }
  if (failures.length > 0)
    throw new AggregateError(failures, 'Some certificates could not be announced.');
  return count;
}

/** @returns for how many days ahead it was announced, or undefined */
async function announce(
  tx: Queryable,
  certificate: ExpiringCertificate,
  recordEvent: RecordEvent,
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

/** The days ahead to announce now; undefined if the certificate has expired, or this stage or a later one was announced. */
function aheadOf({ expiresAt, announcedAhead }: ExpiringCertificate): number | undefined {
  if (expiresAt.getTime() <= Date.now()) return undefined;
  const ahead = AHEAD.find((days) => daysLeft(expiresAt) <= days);
  return ahead !== undefined && (announcedAhead === null || ahead < announcedAhead)
    ? ahead
    : undefined;
}

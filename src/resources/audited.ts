import type { AuditRow, AuditWriter, Outcome } from '../audit-trail/writer.ts';
import { isObject } from './organization-ids.ts';

/** A row before the call, because its effect is at WorkOS, and one with what came of it. */
export async function audited<T>(
  audit: AuditWriter,
  { details, ...act }: Omit<AuditRow, 'outcome'>,
  run: () => Promise<T>,
): Promise<T> {
  const row = (outcome: Outcome, more?: Readonly<Record<string, unknown>>) =>
    audit.record({ ...act, outcome, details: { ...details, ...more } });
  await row('attempted');
  try {
    const reply = await run();
    await row('succeeded', isObject(reply) && typeof reply.id === 'string' ? { id: reply.id } : {});
    return reply;
  } catch (error) {
    await row('failed').catch(() => undefined);
    throw error;
  }
}

import type { AuditRow, AuditWriter, Outcome } from '../../audit-trail/writer.ts';
import { isObject } from '../../core/json.ts';

/** Adds facts to the row with the outcome, whatever that is. */
export type Note = (facts: Readonly<Record<string, unknown>>) => void;

/** A row before the call, because its effect is at WorkOS, and one with what came of it. */
export async function audited<T>(
  audit: AuditWriter,
  { details, ...act }: Omit<AuditRow, 'outcome'>,
  run: (note: Note) => Promise<T>,
): Promise<T> {
  const noted: Record<string, unknown> = {};
  const row = (outcome: Outcome) =>
    audit.record({ ...act, outcome, details: { ...details, ...noted } });
  await row('attempted');
  try {
    const reply = await run((facts) => Object.assign(noted, facts));
    if (isObject(reply) && typeof reply.id === 'string') noted.id = reply.id;
    await row('succeeded');
    return reply;
  } catch (error) {
    // The attempt is recorded, and the caller is to learn of the failure itself.
    await row('failed').catch(() => undefined);
    throw error;
  }
}

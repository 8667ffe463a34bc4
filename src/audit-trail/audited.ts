import { ExactReason } from '../core/exact-reason.ts';
import { isObject } from '../core/json.ts';
import { Problem } from '../core/problem.ts';
import { fromPostgres } from '../db/problems.ts';
import { failureOf } from '../workos/failure.ts';
import { fromWorkos } from '../workos/problems.ts';
import type { AuditRow, AuditWriter, Outcome } from './writer.ts';

/** One act, as every one of its audit rows describes it. */
export type Act = Omit<AuditRow, 'outcome'>;

/** Makes the audit row of one act for a given outcome. */
export type AuditRows = (outcome: Outcome) => AuditRow;

export const auditRows =
  (act: Act): AuditRows =>
  (outcome) => ({ ...act, outcome });

/**
 * Runs an act whose attempt is recorded already. If it throws, `record` writes the failure, and the
 * act's own error is rethrown: if recording fails too, the trail ends with the attempt.
 */
export async function recordingFailure<T>(
  run: () => Promise<T>,
  record: (error: unknown) => Promise<unknown>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    await record(error).catch(() => undefined);
    throw error;
  }
}

/** Adds facts to the row that records the outcome, whatever the outcome is. */
export type Note = (facts: Readonly<Record<string, unknown>>) => void;

/**
 * Runs an act between two audit rows: `attempted` is durable before anything is sent to WorkOS,
 * and `succeeded` or `failed` follows. The id of the reply, if it has one, is added to the details.
 */
export async function audited<T>(
  audit: AuditWriter,
  { details, ...act }: Act,
  run: (note: Note) => Promise<T>,
): Promise<T> {
  const noted: Record<string, unknown> = {};
  const record = (outcome: Outcome) =>
    audit.record({ ...act, outcome, details: { ...details, ...noted } });
  await record('attempted');
  return recordingFailure(
    async () => {
      const reply = await run((facts) => Object.assign(noted, facts));
      if (isObject(reply) && typeof reply.id === 'string') noted.id = reply.id;
      await record('succeeded');
      return reply;
    },
    (error) => {
      Object.assign(noted, reasonOf(error));
      return record('failed');
    },
  );
}

/** Facts of a failure, for its audit row. */
export interface FailureDetails extends Readonly<Record<string, unknown>> {
  readonly reason: string;
}

/** Returns why an act failed: codes, and WorkOS's text if it quotes nothing. */
export function reasonOf(error: unknown): FailureDetails {
  const problem = error instanceof Problem ? error : (fromWorkos(error) ?? fromPostgres(error));
  const exact = problem?.cause instanceof ExactReason ? problem.cause.code : undefined;
  const { status, code, said } = failureOf(error)?.facts ?? {};
  return {
    reason: exact ?? problem?.code ?? 'internal',
    ...(status !== undefined && { workos_status: status }),
    ...(code !== undefined && { workos_code: code }),
    ...(said !== undefined && { said }),
  };
}

/** Adds why the act failed to its audit row. */
export const withReason = (row: AuditRow, error: unknown): AuditRow => ({
  ...row,
  details: { ...row.details, ...reasonOf(error) },
});

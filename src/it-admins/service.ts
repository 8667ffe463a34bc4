import type { ReplyOf } from '../http/endpoint.ts';
import type { AuditRow } from '../audit-trail/writer.ts';
import type { Actor } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import type { itAdminsContract } from './contract.ts';
import type { ItAdminRow, ItAdminStore } from './store.ts';

type ItAdminReply = ReplyOf<typeof itAdminsContract, 'getItAdmin'>;

export type ItAdminService = ReturnType<typeof createItAdminService>;

/** The registry of IT admins: what it says wins over any token. */
export const createItAdminService = (itAdmins: ItAdminStore) => ({
  async list(tenantId: string) {
    return { object: 'list' as const, data: (await itAdmins.list(tenantId)).map(reply) };
  },

  /** @throws Problem `not-found` */
  async get(tenantId: string, userId: string): Promise<ItAdminReply> {
    const row = await itAdmins.find(tenantId, userId);
    if (!row) throw notRegistered();
    return reply(row);
  },

  /** Safe to repeat. */
  async put(tenantId: string, userId: string, state: 'granted' | 'denied', actor: Actor) {
    const row = await itAdmins.put(
      tenantId,
      userId,
      state,
      auditOf(actor, tenantId, { user: userId, state }),
    );
    return { status: row.inserted ? 201 : 200, body: reply(row) };
  },

  /** @throws Problem `not-found` */
  async remove(tenantId: string, userId: string, actor: Actor): Promise<undefined> {
    const deleted = await itAdmins.delete(
      tenantId,
      userId,
      auditOf(actor, tenantId, { user: userId }),
    );
    if (!deleted) throw notRegistered();
    return undefined;
  },
});

const notRegistered = () => new Problem('not-found', 'The registry says nothing of this user.');

const auditOf = (actor: Actor, tenantId: string, details: Record<string, unknown>): AuditRow => ({
  actor,
  outcome: 'succeeded',
  tenantId,
  details,
});

const reply = (row: ItAdminRow): ItAdminReply => ({
  object: 'it_admin',
  tenant_id: row.tenantId,
  user_id: row.userId,
  state: row.state as ItAdminReply['state'],
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

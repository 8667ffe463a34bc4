import type { InputOf, ReplyOf } from '../http/endpoint.ts';
import type { AuditRow } from '../audit-trail/writer.ts';
import type { Actor } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import type { itAdminsContract } from './contract.ts';
import type { ItAdminRow, ItAdminStore } from './store.ts';

type In<Op extends keyof typeof itAdminsContract> = InputOf<typeof itAdminsContract, Op>;
type ItAdminReply = ReplyOf<typeof itAdminsContract, 'getItAdmin'>;

export type ItAdminService = ReturnType<typeof createItAdminService>;

/** The registry of IT admins. Its rows take precedence over any token. */
export const createItAdminService = (itAdmins: ItAdminStore) => ({
  async list({ params }: In<'listItAdmins'>) {
    const rows = await itAdmins.list(params.tenant_id);
    return { object: 'list' as const, data: rows.map(reply) };
  },

  /** @throws Problem `not-found` */
  async get({ params }: In<'getItAdmin'>): Promise<ItAdminReply> {
    const row = await itAdmins.find(params.tenant_id, params.user_id);
    if (!row) throw notRegistered();
    return reply(row);
  },

  /** Idempotent. */
  async put({ params, body: { state }, actor }: In<'putItAdmin'>) {
    const { tenant_id: tenantId, user_id: user } = params;
    const audit = auditOf(actor, tenantId, { user, state });
    const row = await itAdmins.put(tenantId, user, state, audit);
    return { status: row.inserted ? 201 : 200, body: reply(row) };
  },

  /** @throws Problem `not-found` */
  async remove({ params, actor }: In<'deleteItAdmin'>): Promise<undefined> {
    const { tenant_id: tenantId, user_id: user } = params;
    const audit = auditOf(actor, tenantId, { user });
    if (!(await itAdmins.delete(tenantId, user, audit))) throw notRegistered();
    return undefined;
  },
});

const notRegistered = () => new Problem('not-found', 'The registry has no row for this user.');

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

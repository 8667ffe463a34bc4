import type { InputOf, ReplyOf } from '../http/endpoint.ts';
import type { Tenant } from '../core/identity.ts';
import type { ReportMissingOrganization } from '../core/ports.ts';
import { organizationOf } from '../tenants/model/status.ts';
import type { setupContract } from './contract.ts';
import { featuresOf } from './features.ts';
import { nextSteps } from './next-steps.ts';
import { stepText } from './step-text.ts';
import type { SetupReader } from './mirror/reader.ts';
import type { Mirror, SetupStore } from './mirror/store.ts';

export interface SetupDeps {
  readonly store: Pick<SetupStore, 'read'>;
  readonly reader: SetupReader;
  readonly reportMissing: ReportMissingOrganization;
}

type Reply = ReplyOf<typeof setupContract, 'getTenantSetup'>;

export type SetupService = ReturnType<typeof createSetupService>;

export const createSetupService = ({ store, reader, reportMissing }: SetupDeps) => ({
  /**
   * Answers from the mirror, unless it lacks this organization or a live read is requested.
   *
   * @throws Problem for a tenant that is not usable
   */
  async get({
    tenant,
    query,
    actor,
  }: InputOf<typeof setupContract, 'getTenantSetup'>): Promise<Reply> {
    const organizationId = organizationToShow(tenant);
    const known = await store.read(organizationId);
    if (known.asOf !== null && (!query.refresh || known.isFresh))
      return reply(tenant, 'mirror', known);
    const outcome = await reader.whole(organizationId);
    if (outcome === 'missing') {
      const problem = await reportMissing(tenant.id, organizationId, actor);
      if (problem.slug === 'organization-missing' || known.asOf === null) throw problem;
    }
    const source = outcome === 'live' ? 'live' : 'mirror';
    return reply(tenant, source, await store.read(organizationId));
  },
});

/** The setup of a suspended tenant can still be read. @throws Problem */
const organizationToShow = (tenant: Tenant): string =>
  tenant.status === 'suspended' && tenant.organizationId !== null
    ? tenant.organizationId
    : organizationOf(tenant);

function reply(tenant: Tenant, source: Reply['source'], known: Mirror): Reply {
  const features = featuresOf(known);
  return {
    object: 'tenant_setup',
    tenant_id: tenant.id,
    as_of: known.asOf?.toISOString() ?? null,
    source,
    features,
    next_steps: nextSteps(features).map(({ code, intent, ...values }) => ({
      code,
      intent,
      text: stepText(code, values),
    })),
  };
}

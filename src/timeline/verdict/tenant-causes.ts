import { closest } from '../../core/near-miss.ts';
import { askWorkos } from './ask-workos.ts';
import type { Cause, Facts, Finding } from './facts.ts';

/** Causes that the tenant's own state shows. */
export const TENANT_CAUSES: readonly Cause[] = [unknown, byStatus, missing, deleted];

/** A request id that Gatehouse made. Tenants may have such ids too. */
const REFERENCE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function unknown({ tenant, tenantId, similar }: Facts): Finding[] {
  if (tenant) return [];
  return [
    {
      cause: 'tenant_unknown',
      severity: 'blocks',
      ...(REFERENCE.test(tenantId) ? unknownReference(tenantId) : unknownId(tenantId, similar)),
      at: null,
    },
  ];
}

function unknownId(id: string, similar: readonly string[]) {
  const meant = closest(id, similar, 2);
  return {
    sentence: `There is no tenant ${id}${meant === undefined ? '' : `; there is ${meant}`}.`,
    remedy: `Check the id, or provision it: \`PUT /v1/tenants/${id}\` (by a product’s client), or \`gatehouse tenants import\`.`,
  };
}

const unknownReference = (id: string) => ({
  sentence: `There is no tenant ${id}, and no request of a tenant with this id is recorded in the period.`,
  remedy:
    'If it is the reference of a page or an error, search the log for it as `request_id`. `--since` looks further back.',
});

interface Words {
  readonly cause: string;
  readonly sentence: string;
  readonly remedy: string;
}

const put = (id: string) => `\`PUT /v1/tenants/${id}\``;

const STATUSES: Readonly<Record<string, (facts: Facts) => Words>> = {
  provisioning: ({ tenantId, tenant, troubles }) => {
    if (tenant?.isLeased)
      return {
        cause: 'tenant_provisioning',
        sentence: 'The tenant is being provisioned at this moment.',
        remedy: 'Wait some seconds and ask again.',
      };
    const last = troubles.find(({ operation }) => PROVISIONING.includes(operation));
    const why = last?.reason ? ` The last attempt ended with ${last.reason}.` : '';
    return {
      cause: 'tenant_provisioning_stuck',
      sentence: `The provisioning of the tenant did not end, so it has no organization at WorkOS.${why}`,
      remedy: `Remove the cause that the timeline names, then repeat ${put(tenantId)}. Check that the worker runs: it repeats what may succeed.`,
    };
  },
  conflict: ({ tenantId }) => ({
    cause: 'tenant_conflict',
    sentence:
      'WorkOS has an organization with the tenant’s external id that Gatehouse did not create, or that belongs to another tenant.',
    remedy: `Adopt that organization: ${put(tenantId)} with its \`workos_organization_id\` (scope \`tenants:adopt\`), or remove its external id in the WorkOS dashboard and repeat ${put(tenantId)}.`,
  }),
  orphaned: ({ tenantId }) => ({
    cause: 'organization_missing',
    sentence: 'The tenant’s organization was deleted at WorkOS.',
    remedy: `Create a new one in the WorkOS dashboard and adopt it: ${put(tenantId)} with its \`workos_organization_id\`. Its IT admin then sets up SSO again. If nobody deleted it, check \`WORKOS_API_KEY\`: a key of another environment does not see it.`,
  }),
  suspended: ({ tenantId }) => ({
    cause: 'tenant_suspended',
    sentence: 'The tenant is suspended.',
    remedy: `See in the timeline who suspended it. \`PATCH /v1/tenants/${tenantId}\` with \`{"status":"active"}\` ends it.`,
  }),
  deleting: () => ({
    cause: 'tenant_deleted',
    sentence: 'The tenant is being deleted.',
    remedy: 'A deletion cannot be undone; provision the customer under a new tenant id.',
  }),
  deleted: () => ({
    cause: 'tenant_deleted',
    sentence: 'The tenant was deleted.',
    remedy: 'The id is not used again; provision the customer under a new tenant id.',
  }),
};

const PROVISIONING = ['putTenant', 'createOrganization', 'reconcileTenant', 'tenants import'];

function byStatus(facts: Facts): Finding[] {
  const words = STATUSES[facts.tenant?.status ?? ''];
  if (!words || !facts.tenant) return [];
  return [{ ...words(facts), severity: 'blocks', at: facts.tenant.updatedAt }];
}

/** WorkOS has denied the organization, and a second look has not confirmed it yet. */
function missing({ tenant, live }: Facts): Finding[] {
  if (!tenant?.missingSince || tenant.status === 'orphaned' || live === 'missing') return [];
  return [
    {
      cause: 'organization_maybe_missing',
      severity: 'blocks',
      sentence:
        'WorkOS says that it does not have the tenant’s organization; Gatehouse has not confirmed that yet.',
      remedy:
        'Look for the organization in the WorkOS dashboard. If it is there, check that WORKOS_API_KEY is of the same environment.',
      at: tenant.missingSince,
    },
  ];
}

/** WorkOS denied the organization a moment ago, or an event of WorkOS said that it was deleted. */
function deleted({ tenant, tenantId, setup, live }: Facts): Finding[] {
  if (tenant?.organizationId == null || tenant.status === 'orphaned') return [];
  if (live === 'live' || (live !== 'missing' && setup.deletedAt === null)) return [];
  const isSure = live === 'missing';
  return [
    {
      cause: 'organization_missing',
      severity: isSure ? 'blocks' : 'may_block',
      sentence: isSure
        ? `WorkOS, asked just now, does not know the tenant’s organization ${tenant.organizationId}.`
        : `An event of WorkOS says that the tenant’s organization ${tenant.organizationId} was deleted.`,
      remedy: `${isSure ? '' : `${askWorkos({ tenantId })} `}If somebody deleted it, create a new one in the WorkOS dashboard and adopt it: ${put(tenantId)} with its \`workos_organization_id\`. Otherwise check \`WORKOS_API_KEY\`: a key of another environment does not see it.`,
      at: setup.deletedAt,
    },
  ];
}

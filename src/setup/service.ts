import type { InputOf, ReplyOf } from '../http/endpoint.ts';
import type { Actor, Tenant } from '../core/identity.ts';
import type { Language } from '../core/languages.ts';
import type { ReportMissingOrganization } from '../core/ports.ts';
import type { SetupOverview } from '../pages/setup-page/view.ts';
import { stepText } from '../pages/step-text.ts';
import { textsIn } from '../pages/texts/texts.ts';
import { organizationOf } from '../tenants/model/status.ts';
import type { setupContract } from './contract.ts';
import { featuresOf, type Features } from './features.ts';
import { nextSteps } from './next-steps.ts';
import type { SetupReader } from './mirror/reader.ts';
import type { Mirror, SetupStore } from './mirror/store.ts';

/** Name and icon of an identity provider. */
export interface Provider {
  readonly name: string;
  readonly icon: { readonly light: string; readonly dark: string } | null;
}

export interface SetupDeps {
  readonly store: Pick<SetupStore, 'read'>;
  readonly reader: SetupReader;
  readonly reportMissing: ReportMissingOrganization;
  /** @param type of a connection or directory */
  readonly providerOf: (type: string) => Provider;
}

type Reply = ReplyOf<typeof setupContract, 'getTenantSetup'>;

interface Reading {
  readonly known: Mirror;
  /** `failed`: WorkOS was asked and did not answer in time. */
  readonly source: 'mirror' | 'live' | 'failed';
}

export type SetupService = ReturnType<typeof createSetupService>;

export const createSetupService = (deps: SetupDeps) => {
  const { store, reader, reportMissing } = deps;

  /** Reads the mirror, which is updated first if it lacks this organization or is to be refreshed. @throws Problem for a tenant that is not usable */
  const read = async (tenant: Tenant, refresh: boolean, actor: Actor): Promise<Reading> => {
    const organizationId = organizationToShow(tenant);
    const known = await store.read(organizationId);
    if (known.asOf !== null && (!refresh || known.isFresh)) return { known, source: 'mirror' };
    const outcome = await reader.whole(organizationId);
    if (outcome === 'missing') {
      const problem = await reportMissing(tenant.id, organizationId, actor);
      if (problem.slug === 'organization-missing' || known.asOf === null) throw problem;
    }
    const now = await store.read(organizationId);
    return { known: now, source: outcome === 'live' ? 'live' : now.isFresh ? 'mirror' : 'failed' };
  };

  return {
    /**
     * Answers from the mirror, unless it lacks this organization or a live read is requested.
     *
     * @throws Problem for a tenant that is not usable
     */
    async get({
      tenant,
      query,
      actor,
      language,
    }: InputOf<typeof setupContract, 'getTenantSetup'>): Promise<Reply> {
      const { known, source } = await read(tenant, query.refresh, actor);
      return reply(tenant, source === 'failed' ? 'mirror' : source, known, deps, language);
    },

    /** True if the mirror has this connection of the organization as active. */
    async hasActiveConnection(organizationId: string, connectionId: string): Promise<boolean> {
      const { sso } = featuresOf(await store.read(organizationId));
      return sso.connections.some(({ id, state }) => id === connectionId && state === 'active');
    },

    /** What the setup page shows, refreshed if possible. @throws Problem for a tenant that is not usable */
    async overview(tenant: Tenant, actor: Actor): Promise<SetupOverview> {
      const { known, source } = await read(tenant, true, actor);
      const features = featuresOf(known);
      return {
        features: withProviders(features, deps),
        steps: nextSteps(features),
        asOf: known.asOf,
        isCurrent: source !== 'failed',
      };
    },
  };
};

/** The setup of a suspended tenant can still be read. @throws Problem */
const organizationToShow = (tenant: Tenant): string =>
  tenant.status === 'suspended' && tenant.organizationId !== null
    ? tenant.organizationId
    : organizationOf(tenant);

function withProviders(features: Features, { providerOf }: Pick<SetupDeps, 'providerOf'>) {
  const provided = <T extends { readonly type: string }>(thing: T) => {
    const { name, icon } = providerOf(thing.type);
    return { ...thing, provider: { name, icon } };
  };
  const { sso, directory_sync: sync } = features;
  return {
    ...features,
    sso: { ...sso, connections: sso.connections.map(provided) },
    directory_sync: { ...sync, directories: sync.directories.map(provided) },
  };
}

function reply(
  tenant: Tenant,
  source: Reply['source'],
  known: Mirror,
  deps: Pick<SetupDeps, 'providerOf'>,
  language: Language,
): Reply {
  const features = featuresOf(known);
  const texts = textsIn(language);
  return {
    object: 'tenant_setup',
    tenant_id: tenant.id,
    as_of: known.asOf?.toISOString() ?? null,
    source,
    features: withProviders(features, deps),
    next_steps: nextSteps(features).map((step) => ({
      code: step.code,
      intent: step.intent,
      text: stepText(step, texts),
    })),
  };
}

import { z } from 'zod';
import { INTENTS, LAUNCH_INTENTS } from './intents.ts';

export const TenantId = z
  .string()
  .max(64)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit',
  )
  .refine((id) => !id.startsWith('org_'), {
    error: 'must be your tenant id, not a WorkOS organization id',
    params: { code: 'is_a_workos_id' },
  })
  .meta({
    id: 'TenantId',
    description: 'Your own id of the tenant, compared byte for byte.',
    examples: ['acme'],
  });

export const TenantParams = z.object({ tenant_id: TenantId });

export const ClientId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be the id of a client')
  .meta({ id: 'ClientId', description: 'The id of a client of Gatehouse.', examples: ['billing'] });

export const PortalIntent = z
  .enum(INTENTS, { error: `must be one of ${INTENTS.join(', ')}` })
  .meta({
    id: 'PortalIntent',
    description: 'The feature that the IT admin sets up in the Admin Portal.',
  });

/** The `lang` parameter of a page. `http/language.ts` reads it; no value of it is refused. */
export const LanguageTag = z.string().optional().meta({
  description:
    'The language of texts for people, as a BCP 47 tag: `de`. Default: what `Accept-Language` asks for.',
});

/** `gh_<key id>_<256 random bits>`: scanners know the prefix, the id finds the row. */
export const API_KEY = /^gh_([a-z0-9]{12})_[A-Za-z0-9_-]{43}$/;

export const LaunchIntent = z
  .enum(LAUNCH_INTENTS, { error: `must be one of ${LAUNCH_INTENTS.join(', ')}` })
  .meta({
    id: 'LaunchIntent',
    description:
      'The feature that the IT admin sets up in the Admin Portal. `any`: a page with all features, where the IT admin chooses.',
  });

export const LaunchId = z
  .string()
  .regex(/^launch_[0-9a-f]{32}$/, 'must be the id of a portal launch')
  .meta({ description: 'The launch.' });

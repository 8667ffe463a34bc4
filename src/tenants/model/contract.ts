/** The fields of a tenant that callers set. */
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { Line } from '../../core/text.ts';

const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text);

export const DomainName = z
  .string()
  .max(253)
  // Names in other scripts become their ASCII form, which DNS, WorkOS and mail use (RFC 5891).
  .overwrite((name) => (isAscii(name) ? name.toLowerCase() : domainToASCII(name)))
  .regex(
    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be a domain name',
  )
  .meta({
    description: 'A domain name. One in another script is turned into its ASCII form (`xn--…`).',
    examples: ['acme.com'],
  });

const Domain = z
  .strictObject({
    domain: DomainName,
    state: z.enum(['pending', 'verified']).default('pending').meta({
      description: '`verified` skips the DNS proof and needs the scope `domains:verify`.',
    }),
  })
  .meta({ id: 'TenantDomainInput', description: 'A domain that the tenant’s users sign in from.' });

export const TenantDomains = z
  .array(Domain)
  .max(50)
  .refine(
    (list) => new Set(list.map(({ domain }) => domain)).size === list.length,
    'must not repeat a domain',
  )
  .meta({ description: 'The tenant’s domains.' });

const MetadataKey = z
  .string()
  .regex(/^[\x20-\x7e]{1,40}$/, 'must be a key of 1 to 40 printable ASCII characters');

/** Keys `gatehouse_*` are ours: they mark an organization as created by Gatehouse. */
const hasNoReservedKey = (entries: object): boolean =>
  !Object.keys(entries).some((key) => key.startsWith('gatehouse_'));
const RESERVED_KEY = 'must not use keys that begin with gatehouse_';

/** WorkOS's limits, less one key for our mark. */
export const TenantMetadata = z
  .record(MetadataKey, z.string().max(600))
  .refine((entries) => Object.keys(entries).length <= 49, 'must have at most 49 keys')
  .refine(hasNoReservedKey, RESERVED_KEY)
  .meta({
    id: 'TenantMetadata',
    description: 'Your own metadata of the tenant: at most 49 keys, values up to 600 characters.',
  });

/** Changes to single keys of the map, as WorkOS's API accepts them. */
export const TenantMetadataEntries = z
  .record(MetadataKey, z.string().max(600).nullable())
  .refine(hasNoReservedKey, RESERVED_KEY)
  .nullable()
  .meta({
    description:
      'The keys to set; null removes a key, and keys left out are unchanged. Null instead of the map removes all keys.',
  });

export const TenantName = Line(255).meta({
  id: 'TenantName',
  description: 'The tenant’s name; IT admins see it in the Admin Portal.',
  examples: ['Acme'],
});

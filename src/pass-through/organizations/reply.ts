import type { z } from 'zod';
import { UpstreamFailure } from '../../workos/failure.ts';
import { isObject, withTenantIds } from '../forwarding/translate-ids.ts';
import { Organization } from './contract.ts';

export type OrganizationReply = z.input<typeof Organization>;

/** An organization as the caller is to see it: with the tenant's id, and without our marks. @throws UpstreamFailure */
export function asOrganization(
  reply: unknown,
  { id, organizationId }: { readonly id: string; readonly organizationId: string },
): OrganizationReply {
  if (!isObject(reply))
    throw new UpstreamFailure('invalid-response', { reason: 'no organization' });
  const { metadata } = reply;
  const tenants = new Map([[organizationId, { id }]]);
  const organization = {
    ...(withTenantIds(reply, tenants) as object),
    id,
    external_id: id,
    metadata: isObject(metadata) ? withoutMarks(metadata) : metadata,
  };
  const parsed = Organization.safeParse(organization);
  if (!parsed.success) throw new UpstreamFailure('invalid-response', { reason: 'no organization' });
  return parsed.data;
}

/** `gatehouse_*` is ours. */
const withoutMarks = (metadata: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('gatehouse_')));

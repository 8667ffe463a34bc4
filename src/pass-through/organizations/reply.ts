import type { z } from 'zod';
import { isObject } from '../../core/json.ts';
import { UpstreamFailure } from '../../workos/failure.ts';
import { parseReply, requireSameId } from '../../workos/parse-reply.ts';
import { withoutMarks, withTenantIds } from '../../workos/translate-ids.ts';
import { Organization } from './contract.ts';

export type OrganizationReply = z.input<typeof Organization>;

/** The organization for the caller: with the tenant id, without Gatehouse's marks. @throws UpstreamFailure */
export function asOrganization(
  reply: unknown,
  { id, organizationId }: { readonly id: string; readonly organizationId: string },
): OrganizationReply {
  if (!isObject(reply))
    throw new UpstreamFailure('invalid-response', { reason: 'not an organization' });
  const { metadata } = requireSameId(organizationId, reply);
  const tenants = new Map([[organizationId, { id }]]);
  const organization = {
    ...(withTenantIds(reply, tenants) as object),
    id,
    external_id: id,
    metadata: isObject(metadata) ? withoutMarks(metadata) : metadata,
  };
  return parseReply(Organization, organization, 'an organization');
}

import { flag, free, id, object, stamps, tenantId, text } from '../forwarding/wire.ts';
import { User } from './users.ts';

/** Fields of a membership wherever WorkOS returns one. */
export const membershipFields = {
  id: id('membership'),
  user_id: text('The id of the user at WorkOS.'),
  organization_id: tenantId,
  organization_name: text('The name of the organization.'),
  status: text('`active`, `inactive` or `pending`.'),
  directory_managed: flag('True if a directory manages the membership.'),
  custom_attributes: free('Attributes of the user from the identity provider.'),
  ...stamps,
};

export const memberUser = User.nullish().meta({ description: 'The user.' });

/** A membership in a list of a group's members, without role. */
export const GroupMember = object('GroupMember', 'organization_membership', {
  ...membershipFields,
  user: memberUser,
});

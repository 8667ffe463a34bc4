/** Queries and forms of the pages: launch, setup, sign-in test, return. */
import { z } from 'zod';
import {
  ClientId,
  LanguageTag,
  LaunchIntent,
  PortalIntent,
  TenantId,
} from '../../core/wire-ids.ts';
import { Url } from './shared-schemas.ts';

/** Query of `GET /launch-portal`, and fields of its form. */
const LAUNCH_PAGE_FIELDS = {
  ticket: z.string().max(200).optional().meta({ description: 'The ticket of a launch.' }),
  client_id: ClientId.optional().meta({
    description: 'Without a ticket: the client whose permissions and origins apply.',
  }),
  tenant_id: TenantId.optional().meta({ description: 'Without a ticket: the tenant.' }),
  intent: LaunchIntent.optional().meta({ description: 'Without a ticket: the feature to set up.' }),
  return_url: Url.optional().meta({
    description: 'Without a ticket: the URL that the Admin Portal leads back to, as for a launch.',
  }),
  success_url: Url.optional().meta({
    description: 'Without a ticket: the URL to lead to once set-up is finished.',
  }),
};

export const LaunchPageQuery = z.object({ ...LAUNCH_PAGE_FIELDS, lang: LanguageTag });

export const LaunchPageForm = z.object({
  ...LAUNCH_PAGE_FIELDS,
  form_token: z.string().max(1_000).optional().meta({
    description: 'A token from the page, for browsers that do not say which site sent a form.',
  }),
});

export const SetupPageQuery = LaunchPageQuery.omit({ intent: true });

export const LanguageQuery = z.object({ lang: LanguageTag });

export const SignInTestQuery = z.object({
  lang: LanguageTag,
  connection: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/, 'must be the id of a connection')
    .meta({ description: 'The connection to test.' }),
});

export const SignInTestResultQuery = z.object({
  lang: LanguageTag,
  token: z.string().max(16_384).optional().meta({ description: 'The token of the result.' }),
});

export const SetupPageForm = z.object({
  intent: PortalIntent,
  form_token: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'The token of the page’s forms.' }),
});

export const ReturnQuery = z.object({
  launch: z.string().max(200).optional().meta({ description: 'The return token of the launch.' }),
  finished: z
    .string()
    .max(5)
    .optional()
    .meta({ description: 'Present when WorkOS reports that set-up was finished.' }),
  lang: LanguageTag,
});

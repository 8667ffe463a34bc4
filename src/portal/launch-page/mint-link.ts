import { auditRows, recordingFailure, withReason } from '../../audit-trail/audited.ts';
import type { Outcome } from '../../audit-trail/writer.ts';
import type { Answer } from '../../http/answer.ts';
import type { Language } from '../../core/languages.ts';
import type { Actor } from '../../core/identity.ts';
import type { Secret } from '../../core/secret.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import type { LaunchWithFacts } from '../stores/launch-store.ts';
import { makeReturnToken } from '../link/tokens.ts';
import { releaseLaunch } from './release-launch.ts';

export type MintingDeps = Pick<
  PortalDeps,
  'launches' | 'releases' | 'links' | 'audit' | 'reportMissing' | 'itAdminRoles' | 'publicUrl'
>;

export type Mintable = Pick<
  LaunchWithFacts,
  | 'id'
  | 'attempt'
  | 'tenantId'
  | 'intent'
  | 'returnUrl'
  | 'successUrl'
  | 'returnPage'
  | 'itContactEmails'
> & {
  /** The language that the person has asked for. */
  readonly lang: Language | undefined;
};

/** Creates the link of a launch that this attempt has redeemed. A launch never releases a second link. */
export const mintFor = async (
  deps: MintingDeps,
  launch: Mintable,
  organization: string,
  actor: Actor,
): Promise<Answer> => {
  const { tenantId } = launch;
  const row = auditRows({
    actor,
    tenantId,
    details: { launch: launch.id, intent: launch.intent },
  });
  const returnToken = makeReturnToken();
  let outcome: Outcome = 'failed';
  return recordingFailure(
    async () => {
      await deps.audit.record(row('attempted'));
      const link = await deps.links.mint(
        {
          organization,
          intent: launch.intent,
          ...urlsFor(launch, returnToken.secret, deps.publicUrl),
          ...contacts(launch),
        },
        () => deps.reportMissing(tenantId, organization, actor),
      );
      const tokens = { returnTokenSha256: returnToken.sha256 };
      const release = { launch, organizationId: organization, tokens, audit: row('succeeded') };
      const refusal = await releaseLaunch(deps, release);
      if (refusal === undefined) return { redirect: link };
      outcome = 'refused';
      throw refusal;
    },
    // If this fails too, the attempt's lease runs out.
    (error) => deps.launches.fail(launch, withReason(row(outcome), error)),
  );
};

/** WorkOS leads back to Gatehouse's return page, unless the launch was created with `return_page: false`. */
function urlsFor(
  { returnPage, returnUrl, successUrl, lang }: Mintable,
  token: Secret,
  publicUrl: string,
) {
  if (!returnPage)
    return {
      ...(returnUrl && { return_url: returnUrl }),
      ...(successUrl && { success_url: successUrl }),
    };
  const page = `${publicUrl}/portal/return?launch=${token.reveal()}${lang ? `&lang=${lang}` : ''}`;
  return { return_url: page, success_url: `${page}&finished=1` };
}

const contacts = ({ itContactEmails }: Mintable) =>
  itContactEmails.length > 0 ? { it_contact_emails: itContactEmails } : {};

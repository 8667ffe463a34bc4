/** The signing certificate of an identity provider expires and is renewed: from WorkOS's feed to `gatehouse why`. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { connect, REDIRECT_URI } from '../support/sign-in.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { askWhy, type WhyAnswer } from '../support/why.ts';
import { applyFeed } from '../support/workos-events.ts';

const gatehouse = useGatehouse();
let connection: string;

beforeAll(async () => {
  await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  connection = await connect(gatehouse, 'acme');
});

async function answer(): Promise<WhyAnswer> {
  await applyFeed(gatehouse);
  return askWhy(gatehouse, 'acme');
}
const names = ({ causes }: WhyAnswer, cause: string): boolean =>
  causes.some((one) => one.cause === cause);

describe('a certificate', () => {
  it('that has expired is the cause, with who renews it, until it is renewed', async () => {
    const { workos } = gatehouse;
    const before = await answer();
    workos.setCertificateExpiry(connection, new Date(Date.now() - 3_600_000));
    const expired = await answer();
    workos.renewCertificate(connection);
    const renewed = await answer();

    expect(before.timeline).not.toEqual([]);
    expect([before, expired, renewed].map((one) => names(one, 'certificate_expired'))).toEqual([
      false,
      true,
      false,
    ]);
    expect(expired.code).toBe(1);
    expect(expired.verdict).toContain(
      `The SAML certificate of connection ${connection} expired on`,
    );
    expect(expired.causes).toContainEqual(
      expect.objectContaining({
        severity: 'blocks',
        remedy: expect.stringMatching(/IT admin .* certificate_renewal/),
      }),
    );
    expect(renewed.code).toBe(0);
    const texts = renewed.timeline.map(({ text }) => text);
    expect(texts).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `saml_certificate_renewal_required \\(${connection}, certificate until 20\\d\\d-`,
        ),
      ),
    );
    expect(texts).toContainEqual(
      expect.stringMatching(
        new RegExp(`saml_certificate_renewed \\(${connection}, certificate until 20\\d\\d-`),
      ),
    );
  });
});

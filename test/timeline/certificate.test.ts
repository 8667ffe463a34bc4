/** The signing certificate of an identity provider expires and is renewed: from WorkOS's feed to `gatehouse why`. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { startWorker, type Worker } from '../../src/process/worker.ts';
import { connect, REDIRECT_URI } from '../support/sign-in.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';
import { askWhy, type WhyAnswer } from '../support/why.ts';

const gatehouse = useGatehouse();
let worker: Worker;
let connection: string;

beforeAll(async () => {
  await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  connection = await connect(gatehouse, 'acme');
  worker = await startWorker(gatehouse.config, pino({ level: 'silent' }));
  await worker.ready;
});
afterAll(() => worker.stop());

const answers = (is: (answer: WhyAnswer) => boolean, what: string): Promise<WhyAnswer> =>
  waitFor(
    async () => {
      const answer = await askWhy(gatehouse, 'acme');
      return is(answer) ? answer : undefined;
    },
    { withinMs: 30_000, everyMs: 200, what },
  );
const names = ({ causes }: WhyAnswer, cause: string): boolean =>
  causes.some((one) => one.cause === cause);

describe('a certificate', () => {
  it('that has expired is the cause, with who renews it, until it is renewed', async () => {
    const { workos } = gatehouse;
    await answers(({ timeline }) => timeline.length > 0, 'the first events');
    workos.setCertificateExpiry(connection, new Date(Date.now() - 3_600_000));
    const expired = await answers((answer) => names(answer, 'certificate_expired'), 'the cause');
    workos.renewCertificate(connection);
    const renewed = await answers((answer) => !names(answer, 'certificate_expired'), 'its end');

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

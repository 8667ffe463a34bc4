/** Commands that ask WorkOS, with a key that it refuses: the reader is the platform team itself. */
import { describe, expect, it } from '@jest/globals';
import { eventsCommand } from '../../src/cli/events.ts';
import { tenantsCommand } from '../../src/cli/tenants.ts';
import { withService } from '../../src/cli/with-service.ts';
import { runHere, settingsOf } from '../support/command-here.ts';
import { gatehouse, useDoctor } from './doctor-setup.ts';

useDoctor();

describe('a command that WorkOS refuses', () => {
  it.each([
    ['tenants verify', tenantsCommand],
    ['events verify', eventsCommand],
  ])('%s names WORKOS_API_KEY and the command that says more', async (_name, command) => {
    const { code, err } = await runHere(
      (terminal) => withService(terminal, (service) => command(['verify'], service)),
      { ...settingsOf(gatehouse), WORKOS_API_KEY: 'sk_test_refused' },
    );

    expect(code).toBe(1);
    expect(err).toMatch(/WorkOS refused WORKOS_API_KEY\. Run gatehouse doctor\.\n$/);
    expect(err).not.toContain('platform team');
  });
});

/** Commands that read long lists: how far they are is for people who watch. */
import { describe, expect, it } from '@jest/globals';
import { eventsCommand } from '../../src/cli/events.ts';
import { tenantsCommand } from '../../src/cli/tenants.ts';
import { withService } from '../../src/cli/with-service.ts';
import { runHere, settingsOf } from '../support/command-here.ts';
import { gatehouse, useDoctor } from './doctor-setup.ts';

useDoctor();

describe.each([
  ['tenants verify', tenantsCommand],
  ['events verify', eventsCommand],
])('%s, typed by somebody', (_name, command) => {
  const messages = async (shown: boolean) => {
    const { err } = await runHere(
      (terminal) =>
        withService({ ...terminal, attended: true, shown }, (service) =>
          command(['verify'], service),
        ),
      settingsOf(gatehouse),
    );
    return err;
  };

  it('clears it on a terminal before it says what came of it', async () => {
    const [before = '', ...lines] = (await messages(true)).split('\r\u001b[K');

    expect(before).toBe('');
    expect(lines.at(-1)).toMatch(/^\d+ \w+, \d+ .*\n$/);
  });

  it('writes none of it into a file', async () => {
    expect(await messages(false)).not.toContain('\r');
  });
});

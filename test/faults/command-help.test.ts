import { describe, expect, it } from '@jest/globals';
import { runGatehouse } from '../support/gatehouse-process.ts';

describe('help', () => {
  it.each([
    'tenants verify --help',
    'keys list --help',
    'events parked retry --help',
    'clients create --help',
    'migrate --help',
    'serve --help',
    'worker -h',
  ])('gatehouse %s needs no settings', async (command) => {
    const { code, out, err } = await runGatehouse(command.split(' '), {});

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^usage: gatehouse /);
  });

  it('is printed with an error for arguments that a command does not take', async () => {
    const { code, out, err } = await runGatehouse(['migrate', 'now'], {});

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^usage: gatehouse migrate\n/);
  });
});

describe('gatehouse dev <command>', () => {
  it('says what to do when no gatehouse dev runs', async () => {
    const { code, err } = await runGatehouse(['dev', 'tenants', 'verify'], {});

    expect(code).toBe(2);
    expect(err).toContain('only while gatehouse dev runs in another terminal');
  });
});

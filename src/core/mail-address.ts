import { domainToASCII } from 'node:url';

/** One e-mail address, as nearly all are: no quotes, comments, lists, literals or spaces, and ASCII only. */
export const MAIL_ADDRESS =
  /^(?=.{3,254}$)(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$/;

export const isMailAddress = (text: string): boolean => MAIL_ADDRESS.test(text);

/**
 * Returns the address in the one form in which addresses are compared. WorkOS may write one in another way than
 * the caller did: in lower case, with the domain in punycode or without it, with composed characters.
 */
export function comparableAddress(text: string): string {
  const address = text.trim().normalize('NFC').toLowerCase();
  const at = address.lastIndexOf('@') + 1;
  const domain = address.slice(at);
  // Empty for what is no domain.
  return `${address.slice(0, at)}${domainToASCII(domain) || domain}`;
}

/** A sender: an address, alone or after a name. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** Reads `no-reply@acme.com` or `Acme <no-reply@acme.com>`. Returns undefined for anything else. */
export function mailbox(text: string): Mailbox | undefined {
  const [, quoted, plain, address = text] =
    /^(?:"([^"\\\p{Cc}]{1,100})"|([^"<>@,;:\\\p{Cc}]{1,100}?)) ?<([^<>]+)>$/u.exec(text) ?? [];
  return isMailAddress(address) ? { name: quoted ?? plain ?? '', address } : undefined;
}

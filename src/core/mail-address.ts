/** One e-mail address, as nearly all are: no quotes, comments, lists, literals or spaces, and ASCII only. */
export const MAIL_ADDRESS =
  /^(?=.{3,254}$)(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$/;

export const isMailAddress = (text: string): boolean => MAIL_ADDRESS.test(text);

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

/** Reads the e-mails that Gatehouse sends: UTF-8, with a part of plain text. */
export interface Message {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly receivedAt: Date;
}

export function readMessage(source: string): Message {
  const { headers } = split(source);
  return {
    from: words(headers.get('from')),
    to: words(headers.get('to')),
    subject: words(headers.get('subject')),
    text: textOf(source),
    receivedAt: new Date(),
  };
}

/** The first part of plain text. */
function textOf(source: string): string {
  const { headers, body } = split(source);
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined)
    return /^text\/plain/i.test(type)
      ? decoded(body, headers.get('content-transfer-encoding') ?? '').toString('utf8')
      : '';
  const [, ...parts] = body.split(`--${boundary}`);
  return parts.map((part) => textOf(part.replace(/^\r\n/, ''))).find((text) => text !== '') ?? '';
}

function split(source: string): { readonly headers: Map<string, string>; readonly body: string } {
  const [head = '', ...rest] = source.split('\r\n\r\n');
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.toLowerCase(), value.join(':').trim()];
    }),
  );
  return { headers, body: rest.join('\r\n\r\n') };
}

function decoded(body: string, encoding: string): Buffer {
  if (/^base64$/i.test(encoding)) return Buffer.from(body, 'base64');
  return /^quoted-printable$/i.test(encoding)
    ? quotedPrintable(body.replaceAll(/=\r\n/g, ''))
    : Buffer.from(body);
}

/** @see https://www.rfc-editor.org/rfc/rfc2045#section-6.7 */
const quotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );

/** Encoded words of a header (RFC 2047). */
const words = (value = ''): string =>
  value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      (kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64')
        : quotedPrintable(text.replaceAll('_', ' '))
      ).toString('utf8'),
    );

/** The e-mail with the link of a launch, as plain text and as HTML. */
import type { LaunchIntent } from '../../core/intents.ts';
import type { Language } from '../../core/languages.ts';
import type { Secret } from '../../core/secret.ts';
import { edgeOf, textOn } from '../color.ts';
import { render } from '../templates.ts';
import { textsIn } from '../texts/texts.ts';

export interface InvitationView {
  /** `color` is `#rrggbb`. */
  readonly brand: { readonly name: string; readonly color: string };
  readonly tenantName: string;
  /** `any`: the link opens the setup page. */
  readonly intent: LaunchIntent;
  readonly expiresAt: Date;
  /** The link, with its ticket. */
  readonly url: Secret;
}

export interface MailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function invitation(language: Language, view: InvitationView): MailContent {
  const t = textsIn(language);
  const { brand, tenantName, intent, expiresAt, url } = view;
  const isPage = intent === 'any';
  const task = t.text(isPage ? 'mail.any' : `intent.${intent}.task`);
  const names = { product: brand.name, tenant: withoutLinks(tenantName) };
  const lead = t.parts(isPage ? 'mail.anyLead' : 'mail.lead', names);
  const until = t.text(isPage ? 'mail.anyUntil' : 'mail.until', { time: t.time(expiresAt) });
  const unexpected = t.text('mail.unexpected');
  const link = url.reveal();
  const button = {
    text: t.text(isPage ? 'setup.confirm.button' : 'mail.button'),
    background: brand.color,
    color: textOn(brand.color),
    edge: edgeOf(brand.color, '#ffffff', '#868e99'),
  };
  return {
    subject: oneLine(t.text('mail.subject', { ...names, task })),
    text:
      [task, lead.map((part) => part.text).join(''), link, until, unexpected, brand.name]
        .map(oneLine)
        .join('\n\n') + '\n',
    html: render('invitation', { t, brand, button, task, lead, until, unexpected, link }),
  };
}

/**
 * Names hold no line breaks; should one ever do, it must not begin a header. Nor may a name turn round the text
 * that follows it: there is no `<bdi>` in a subject.
 */
const oneLine = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '');

/**
 * Tenants choose their names, and mail programs make a link of whatever looks like an address. An invisible
 * character (ZERO WIDTH NON-JOINER) keeps them from it, and from decoding an encoded word (RFC 2047).
 */
const withoutLinks = (name: string): string =>
  name.replaceAll(/[.:@\u3002\uff0e\uff61](?=\S)|(?<==)\?/gu, '\u200c$&');

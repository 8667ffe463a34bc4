/** HTML of the pages after a sign-in through Gatehouse. */
import type { Person, SignedInBy } from './person.ts';
import { createView, type Frame } from './layout.ts';

const PROFILE = `<% layout('@layout') %>
<h1>Hello, <%= it.person.name %></h1>
<p class="quiet"><%= it.person.tenantName %>’s identity provider signed you in, through Gatehouse.</p>
<section class="card">
<dl class="facts">
<% for (const [name, value, id] of it.facts) { %>
<div><dt><%= name %></dt><dd><%= value %><% if (id) { %> <code><%= id %></code><% } %></dd></div>
<% } %>
</dl>
<p><a class="button main" href="/">Continue to <%= it.person.tenantName %></a></p>
</section>
`;

const FAILED = `<% layout('@layout') %>
<section class="card">
<h1><%= it.title %></h1>
<p><%= it.text %></p>
<div class="actions">
<% if (it.admin) { %>
<form method="post" action="/sign-in">
<input type="hidden" name="person" value="<%= it.admin.id %>">
<button class="button main">Sign in as <%= it.admin.name %></button>
</form>
<% } else if (it.tenantId) { %>
<form action="/sso/start">
<input type="hidden" name="tenant" value="<%= it.tenantId %>">
<button class="button main">Try again</button>
</form>
<% } %>
<a class="button" href="/">Back</a>
</div>
<% if (it.code) { %><p class="reason">Gatehouse returned <code><%= it.code %></code>: <%= it.description %></p><% } %>
</section>
`;

interface ProfileView extends Frame {
  readonly facts: readonly Fact[];
}
/** Label, value and optional id. */
type Fact = readonly [name: string, value: string, id?: string];

interface FailedView extends Frame {
  readonly text: string;
  readonly tenantId?: string;
  readonly admin?: Person | undefined;
  readonly code?: string;
  readonly description?: string;
}

const renderProfile = createView<ProfileView>(PROFILE);
const renderFailed = createView<FailedView>(FAILED);

export function profilePage(person: Person, by: SignedInBy): string {
  const facts: Fact[] = [
    ['Name', person.name],
    ['E-mail', by.email],
    ['Tenant', person.tenantName, person.tenantId],
    ['Connection', by.connectionType, by.connectionId],
  ];
  return renderProfile({ title: 'Your profile', person, facts });
}

/** A failed sign-in. */
export interface Failure {
  readonly code: string;
  readonly description: string;
  readonly tenantId: string;
  readonly tenantName: string;
  /** An IT admin who can set up single sign-on. */
  readonly admin: Person | undefined;
}

export function failedPage(person: Person | undefined, failure: Failure): string {
  const { code, admin } = failure;
  if (NOT_SET_UP.includes(code))
    return renderFailed({ ...failure, person, ...notSetUp(failure.tenantName, admin) });
  const text = DENIED.includes(code) ? DENIED_TEXT : OTHER_TEXT;
  return renderFailed({ ...failure, admin: undefined, person, ...text });
}

/** For a response that belongs to no sign-in of this browser; shows nothing from it. */
export const unknownFlowPage = (person: Person | undefined): string =>
  renderFailed({
    title: 'This sign-in cannot be finished here',
    text: 'It expired, is already finished, or started in another browser. Go back and sign in again.',
    person,
  });

const NOT_SET_UP = ['organization_invalid', 'connection_unlinked'];
const DENIED = ['access_denied', 'signin_consent_denied'];

const notSetUp = (tenantName: string, admin: Person | undefined) => ({
  title: `Single sign-on is not set up for ${tenantName}`,
  text: `It has no active connection to an identity provider yet. Sign in as ${admin?.name ?? 'its IT admin'}, choose “Set up single sign-on”, and complete the setup.`,
});
const DENIED_TEXT = {
  title: 'You are not signed in',
  text: 'The identity provider denied access, or you cancelled. You can try again, or sign in another way.',
};
const OTHER_TEXT = {
  title: 'Sign-in failed',
  text: 'Nothing was changed. You can try again, or sign in another way.',
};

/** The page with the e-mails that Gatehouse has sent in development. */
import type { Message } from '../inbox/message.ts';
import { createView, type Frame } from './layout.ts';

const INBOX = `<% layout('@layout') %>
<h1>Inbox</h1>
<p class="quiet">E-mails that Gatehouse has sent: portal launches with <code>send_to</code>. Nothing leaves this machine.</p>
<% if (it.messages.length === 0) { %>
<section class="card"><p>None yet. Reload the page after you have created such a launch.</p></section>
<% } for (const message of it.messages) { %>
<section class="card">
<h2><%= message.subject %></h2>
<p class="quiet">From <%= message.from %> to <%= message.to %>, <time><%= message.receivedAt.toISOString() %></time></p>
<p class="mail"><%= message.text %></p>
<% for (const link of message.links) { %><p><a class="button main" href="<%= link %>">Open the link</a></p><% } %>
</section>
<% } %>
`;

interface InboxView extends Frame {
  readonly messages: readonly (Message & { readonly links: readonly string[] })[];
}

const renderInbox = createView<InboxView>(INBOX);

export const inboxPage = (messages: readonly Message[]): string =>
  renderInbox({
    title: 'Inbox',
    person: undefined,
    messages: messages.map((message) => ({
      ...message,
      links: message.text.match(/https?:\/\/\S+/g)?.slice(0, 1) ?? [],
    })),
  });

/** HTML of the identity provider, without script or inline style. */
import { createView } from '../http/page.ts';

export const SITE = 'Fake identity provider';

/** Separate forms, so that Enter in the e-mail field never submits another choice. */
const LOGIN = `<% layout('@layout') %>
<p class="organization"><%= it.type %></p>
<h1><%= it.title %></h1>
<form method="post" action="/idp/login">
<input type="hidden" name="session" value="<%= it.session %>">
<% for (const user of it.users) { %>
<button name="user" value="<%= user.id %>">Continue as <%= user.name %> <span class="address"><%= user.email %></span></button>
<% } %>
</form>
<form method="post" action="/idp/login">
<input type="hidden" name="session" value="<%= it.session %>">
<label for="email">Someone else</label>
<% if (it.problem) { %><p id="email-problem" class="problem"><%= it.problem %></p><% } %>
<input id="email" name="email" type="email" value="<%= it.email %>" required
 autocomplete="username" placeholder="name@example.com"<% if (it.problem) { %> aria-invalid="true"
 aria-describedby="email-problem"<% } %>>
<button>Continue with this address</button>
</form>
<form method="post" action="/idp/login">
<input type="hidden" name="session" value="<%= it.session %>">
<button class="quiet" name="error" value="access_denied">Deny access</button>
</form>
<form method="post" action="/idp/login">
<input type="hidden" name="session" value="<%= it.session %>">
<label for="error">Error to fail with</label>
<select id="error" name="error">
<% for (const error of it.errors) { %>
<option<% if (error === 'server_error') { %> selected<% } %>><%= error %></option>
<% } %>
</select>
<button class="quiet">Fail</button>
</form>
`;

interface LoginView {
  title: string;
  site: string;
  session: string;
  type: string;
  users: { id: string; email: string; name: string }[];
  /** Prefills the e-mail field. */
  email: string;
  problem: string | null;
  errors: string[];
}

export const renderLogin = createView<LoginView>(LOGIN);

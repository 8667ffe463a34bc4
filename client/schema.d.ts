// Generated from openapi.yaml by `npm run client`. Do not edit.

export interface paths {
    "/v1/tenants/{tenant_id}": {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description Your own id of the tenant, compared byte for byte. */
                tenant_id: components["parameters"]["PathTenantId"];
            };
            cookie?: never;
        };
        /**
         * Get a tenant
         * @description Needs the scope `tenants:read`.
         */
        get: operations["getTenant"];
        /**
         * Provision or update a tenant
         * @description Idempotent: a tenant gets exactly one organization at WorkOS, however many requests run at once. Answers 201 the first time and 200 afterwards.
         *
         *     Needs the scope `tenants:write`.
         */
        put: operations["putTenant"];
        post?: never;
        /**
         * Delete a tenant, and optionally its organization
         * @description Leaves a tombstone, so the tenant id is never used again. The organization stays at WorkOS unless `delete_organization` is set; deleting it there cannot be undone.
         *
         *     Needs the scope `tenants:delete`.
         */
        delete: operations["deleteTenant"];
        options?: never;
        head?: never;
        /**
         * Change, suspend or reactivate a tenant
         * @description Needs the scope `tenants:write`.
         */
        patch: operations["patchTenant"];
        trace?: never;
    };
    "/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tenants that the client may use
         * @description Needs the scope `tenants:read`.
         */
        get: operations["listTenants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{tenant_id}/it-admins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a tenant’s IT admin registry
         * @description Needs the scope `it_admins:read`.
         */
        get: operations["listItAdmins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{tenant_id}/it-admins/{user_id}": {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description Your own id of the tenant, compared byte for byte. */
                tenant_id: components["parameters"]["PathTenantId"];
                /** @description The user’s id: the `sub` of their token, compared byte for byte. */
                user_id: string;
            };
            cookie?: never;
        };
        /**
         * Get a user’s row in the IT admin registry
         * @description Needs the scope `it_admins:read`.
         */
        get: operations["getItAdmin"];
        /**
         * Grant or deny a user the role of IT admin
         * @description Takes effect at once on every replica, for tickets already issued too.
         *
         *     Needs the scope `it_admins:write`.
         */
        put: operations["putItAdmin"];
        post?: never;
        /**
         * Remove a user from the registry, so that their token decides again
         * @description Needs the scope `it_admins:write`.
         */
        delete: operations["deleteItAdmin"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/portal-launches": {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * List the client’s launches
         * @description Needs the scope `portal:launch`.
         */
        get: operations["listPortalLaunches"];
        put?: never;
        /**
         * Create a ticket that opens the Admin Portal for an IT admin
         * @description No link is created yet: that happens when the browser opens `/launch-portal`, after role and tenant were checked again. With `send_to`, Gatehouse sends the URL to the IT admin by e-mail, from its worker; `mail` of the launch is its status.
         *
         *     Needs the scope `portal:launch` and an acting user who is an IT admin of the tenant.
         */
        post: operations["createPortalLaunch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/portal-launches/{launch_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a launch and its status
         * @description Needs the scope `portal:launch`.
         */
        get: operations["getPortalLaunch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/portal-launches/{launch_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke a ticket
         * @description Takes effect at once. A browser that was already redirected keeps its access to the Admin Portal.
         *
         *     Needs the scope `portal:launch`.
         */
        post: operations["revokePortalLaunch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{tenant_id}/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the features that a tenant has set up
         * @description Answered from a mirror that Gatehouse keeps up to date with WorkOS’s events, so also while WorkOS is down. A tenant that was never read is read from WorkOS first, for at most 2 seconds.
         *
         *     Needs the scope `tenants:read`.
         */
        get: operations["getTenantSetup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sso/authorization-urls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a URL that a browser signs in at
         * @description Needs the scope `sso:login`.
         */
        post: operations["createAuthorizationUrl"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhook_endpoints": {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * List the client’s webhook endpoints
         * @description Needs the scope `events:read`.
         */
        get: operations["listWebhookEndpoints"];
        put?: never;
        /**
         * Create a webhook endpoint
         * @description Every event that `GET /events` would show is posted to the endpoint at least once, in no particular order. Answer 2xx within 15 seconds, and process each event id once. Failed deliveries are retried for three days. Deliveries are signed in the headers `WorkOS-Signature`, which WorkOS’s SDKs verify (`constructEvent`), and `webhook-id`, `webhook-timestamp`, `webhook-signature`, as the libraries of Standard Webhooks do. The client also needs the scope `events:read`. A client may have 20 endpoints.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: operations["createWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhook_endpoints/{id}": {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description The id of a webhook endpoint. */
                id: components["parameters"]["PathId3"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a webhook endpoint
         * @description Needs the scope `webhooks:write`.
         */
        delete: operations["deleteWebhookEndpoint"];
        options?: never;
        head?: never;
        /**
         * Change a webhook endpoint
         * @description Needs the scope `webhooks:write`.
         */
        patch: operations["updateWebhookEndpoint"];
        trace?: never;
    };
    "/v1/webhook-endpoints/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the signing secret of a webhook endpoint
         * @description The former secret also signs for 24 hours, even if the secret is rotated once more in that time. Then three secrets sign, and a third rotation is refused until the oldest has expired. Libraries of Standard Webhooks check all signatures. `WorkOS-Signature` has one: the oldest secret’s at the first attempt, and the newest one’s at the second, five seconds later.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver events again
         * @description Only events of the endpoint’s types that the client may read now. Deliveries that wait for a retry keep their time, except the one named by `event_id`. Refused with 429 while 5,000 deliveries of the endpoint wait.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: operations["replayWebhookEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List delivery attempts of a webhook endpoint
         * @description Needs the scope `events:read`.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/provider-icons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List names and icons of identity providers
         * @description Lists every type that WorkOS documents, or the requested types.
         *
         *     Needs the scope `connections:read`.
         */
        get: operations["listProviderIcons"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit-trail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the audit trail
         * @description Lists actions on the client’s tenants, by time. Actions without a tenant are listed for clients with `*`. If very few of many entries match, a page ends early: it has fewer entries than `limit`, maybe none, and a cursor. Go on until the cursor is null. A cursor to an entry that is no longer kept is refused: start with `since`.
         *
         *     Needs the scope `audit_trail:read`.
         */
        get: operations["listAuditTrail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/upstream-budget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the budget of requests to WorkOS
         * @description What is left of the requests that Gatehouse may make to WorkOS, and who uses them. A client that may use every tenant sees all clients, any other client sees itself. The figures of other processes are up to two seconds old.
         *
         *     Needs the scope `tenants:read`.
         */
        get: operations["getUpstreamBudget"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Your own id of the tenant, compared byte for byte.
         * @example acme
         */
        TenantId: string;
        /** @description The wanted state of a tenant. Fields left out are unchanged. */
        PutTenant: {
            name: components["schemas"]["TenantName"];
            /** @description The tenant’s domains. */
            domains?: components["schemas"]["TenantDomainInput"][];
            metadata?: components["schemas"]["TenantMetadata"];
            /** @description The client that serves IdP-initiated logins of this tenant. Null if there is none. */
            sign_in_client_id?: components["schemas"]["ClientId"] | null;
            /**
             * @description Adopt this organization instead of creating one. Needs the scope `tenants:adopt`.
             * @example org_01EHZNVPK3SFK441A1RGBFSHRT
             */
            workos_organization_id?: string;
        };
        /**
         * @description The tenant’s name; IT admins see it in the Admin Portal.
         * @example Acme
         */
        TenantName: string;
        /** @description A domain that the tenant’s users sign in from. */
        TenantDomainInput: {
            /**
             * @description A domain name. One in another script is turned into its ASCII form (`xn--…`).
             * @example acme.com
             */
            domain: string;
            /**
             * @description `verified` skips the DNS proof and needs the scope `domains:verify`.
             * @default pending
             * @enum {string}
             */
            state: "pending" | "verified";
        };
        /** @description Your own metadata of the tenant: at most 49 keys, values up to 600 characters. */
        TenantMetadata: {
            [key: string]: string;
        };
        /**
         * @description The id of a client of Gatehouse.
         * @example billing
         */
        ClientId: string;
        /** @description A tenant and its WorkOS organization. */
        Tenant: {
            /**
             * @description Always `tenant`.
             * @constant
             */
            object: "tenant";
            /** @description Your tenant id. */
            id: string;
            /** @description Only for clients with `tenants:adopt`. */
            workos_organization_id?: string | null;
            /** @description The tenant’s name. */
            name: string;
            status: components["schemas"]["TenantStatus"];
            /**
             * @description While `provisioning`, `orphaned` or `conflict`: the status that the tenant gets once it has an organization. `suspended` if you have suspended it.
             * @enum {string}
             */
            next_status?: "active" | "suspended";
            /** @description The tenant’s domains. */
            domains: {
                /** @description A domain name. */
                domain: string;
                /** @description The state at WorkOS: `pending`, `verified`, `failed`, … */
                state: string;
            }[];
            /** @description Your own metadata of the tenant. */
            metadata: {
                [key: string]: string;
            };
            /** @description The client that serves IdP-initiated logins, or null. */
            sign_in_client_id: string | null;
            /**
             * Format: date-time
             * @description When the tenant was created.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the tenant last changed.
             */
            updated_at: string;
        };
        /**
         * @description `provisioning`: its organization is being created. `suspended`: stopped by you. `orphaned`: WorkOS no longer has the organization. `conflict`: an organization with this external id exists that Gatehouse did not create; adopt it by its id, or change its external id.
         * @enum {string}
         */
        TenantStatus: "provisioning" | "active" | "suspended" | "orphaned" | "conflict" | "deleting";
        /** @description What went wrong, in the form of RFC 9457. */
        Problem: {
            /**
             * @description The page that explains this kind of problem. The slug after `#` is stable across releases.
             * @example https://gatehouse.example.com/docs/problems#tenant-not-found
             */
            type: string;
            /** @description The kind of problem in a few words. */
            title: string;
            /** @description The HTTP status, repeated. */
            status: number;
            /** @description What happened this time, for people. */
            detail: string;
            /** @description The request id as a URN, to quote in a report. */
            instance: string;
            /** @description The kind of problem as a snake_case word. */
            code: string;
            /** @description Equal to `detail`; WorkOS SDKs show it. */
            message: string;
            /** @description Each refused input, where the input was invalid. */
            errors?: components["schemas"]["FieldError"][];
        } & {
            [key: string]: unknown;
        };
        /** @description One refused input. */
        FieldError: {
            /** @description The refused field of the body or query, or header. */
            field: string;
            /** @description The fault, for programs. */
            code: string;
            /** @description The fault, for people. */
            message: string;
        };
        /** @description The fields to change. */
        PatchTenant: {
            name?: components["schemas"]["TenantName"];
            /** @description The tenant’s domains. */
            domains?: components["schemas"]["TenantDomainInput"][];
            metadata?: components["schemas"]["TenantMetadata"];
            /** @description The client that serves IdP-initiated logins of this tenant. Null if there is none. */
            sign_in_client_id?: components["schemas"]["ClientId"] | null;
            /**
             * @description `suspended` stops launches, logins and tickets at once; the organization stays. Only `active` ends the suspension. While the tenant has no organization, `suspended` is stored as `next_status`.
             * @enum {string}
             */
            status?: "active" | "suspended";
        };
        /** @description A page of a list. */
        TenantList: {
            /**
             * @description Always `list`.
             * @constant
             */
            object: "list";
            /** @description The objects of this page. */
            data: components["schemas"]["Tenant"][];
            list_metadata: components["schemas"]["ListMetadata"];
        };
        /** @description Cursors of the previous and the next page. */
        ListMetadata: {
            /** @description Cursor of the previous page, or null. */
            before: string | null;
            /** @description Cursor of the next page, or null. */
            after: string | null;
        };
        /** @description The registry of one tenant. */
        ItAdminList: {
            /**
             * @description Always `list`.
             * @constant
             */
            object: "list";
            /** @description At most 1,000, by user id. */
            data: components["schemas"]["ItAdmin"][];
        };
        /** @description The registry’s row for one user of one tenant. */
        ItAdmin: {
            /**
             * @description Always `it_admin`.
             * @constant
             */
            object: "it_admin";
            /** @description The tenant. */
            tenant_id: string;
            /** @description The user. */
            user_id: string;
            state: components["schemas"]["ItAdminState"];
            /**
             * Format: date-time
             * @description When the row was first put.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updated_at: string;
        };
        /**
         * @description `granted`: an IT admin, whatever the user’s token says. `denied`: not an IT admin, whatever the token says.
         * @enum {string}
         */
        ItAdminState: "granted" | "denied";
        /** @description The new state of the user in the registry. */
        PutItAdmin: {
            state: components["schemas"]["ItAdminState"];
        };
        /** @description A visit to the Admin Portal to prepare. */
        CreatePortalLaunch: {
            tenant_id: components["schemas"]["TenantId"];
            intent: components["schemas"]["LaunchIntent"];
            return_url?: components["schemas"]["ReturnUrl"];
            success_url?: components["schemas"]["SuccessUrl"];
            /** @description People whom WorkOS notifies when something needs attention, e.g. a certificate that expires. At most 20. */
            it_contact_emails?: components["schemas"]["EmailAddress"][];
            /**
             * @description `redirect` (default): opening the URL redeems the ticket, within 60 s. `confirm`: a button on a page redeems it, so the link may be sent by e-mail.
             * @enum {string}
             */
            mode?: "redirect" | "confirm";
            /** @description Lifetime of the ticket in seconds. `redirect`: 1–60, default 60. `confirm`: 60–604800, default 900; more than 900 needs a `granted` entry in the registry. */
            expires_in?: number;
            /** @description `true` (default): the Admin Portal leads back to a page of Gatehouse that shows what is set up and leads on to `return_url`. `false`: it leads to `return_url` directly. */
            return_page?: boolean;
            /**
             * @description The IT admin’s e-mail address: Gatehouse sends the link there. The mode is then `confirm`. At most 5 e-mails an hour to an address, and 30 for a tenant. Needs a deployment that sends e-mail (`SMTP_URL`).
             * @example ada@acme.com
             */
            send_to?: string;
            /**
             * @description Together with `send_to`: the language of the e-mail and of the page that it leads to, as a BCP 47 tag: `de`, `fr-CA`. Default, and for languages without a translation: English.
             * @example de
             */
            locale?: string;
        };
        /**
         * @description The feature that the IT admin sets up in the Admin Portal. `any`: a page with all features, where the IT admin chooses.
         * @enum {string}
         */
        LaunchIntent: "sso" | "dsync" | "audit_logs" | "log_streams" | "domain_verification" | "certificate_renewal" | "bring_your_own_key" | "any";
        /**
         * @description The URL that the Admin Portal leads back to. https, with an origin registered for the client (`return_origins`).
         * @example https://app.example.com/settings
         */
        ReturnUrl: string;
        /**
         * @description The URL that the Admin Portal leads to once set-up is finished. The same rules as for `return_url`.
         * @example https://app.example.com/settings?done
         */
        SuccessUrl: string;
        /**
         * Format: email
         * @description An e-mail address in ASCII.
         */
        EmailAddress: string;
        /** @description A launch with its ticket. */
        NewPortalLaunch: {
            /**
             * @description Always `portal_launch`.
             * @constant
             */
            object: "portal_launch";
            /** @description Safe to log; the ticket in `url` is not. */
            id: string;
            /** @description The tenant. */
            tenant_id: string;
            /** @description The IT admin for whom the launch was created. */
            user_id: string;
            intent: components["schemas"]["LaunchIntent"];
            mode: components["schemas"]["LaunchMode"];
            /** @description The launch with the intent `any` on whose setup page this one was begun. */
            setup_launch_id: string | null;
            status: components["schemas"]["LaunchStatus"];
            /** @description The e-mail of `send_to`. `queued`: it is sent soon, or tried again. `sent`: the mail server has taken it. Null without `send_to`. */
            mail: ("queued" | "sent" | "failed") | null;
            /** @description Why the e-mail failed, or why the last attempt did: `address_refused`, `sender_refused`, `server_refused`, `server_busy`, `server_unreachable`, `server_too_slow`, `server_says_too_much`, `sign_in_refused`, `tls_failed`, `launch_revoked`, `launch_expired`, `launch_used`, `key_missing`, `mail_not_configured`, `internal`, or the code of the problem that the launch has now, such as `tenant_not_active`. */
            mail_reason: string | null;
            /**
             * Format: date-time
             * @description When the ticket expires.
             */
            expires_at: string;
            /**
             * Format: date-time
             * @description When the launch was created.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When a browser first opened the ticket’s URL.
             */
            opened_at: string | null;
            /**
             * Format: date-time
             * @description When the browser was redirected to the Admin Portal.
             */
            redirected_at: string | null;
            /**
             * Format: date-time
             * @description When the browser came back to Gatehouse’s return page.
             */
            returned_at: string | null;
            /**
             * Format: date-time
             * @description When WorkOS’s events reported that the feature is set up, within a day of the redirect. Always null for `audit_logs` and `log_streams`, for which there is no event.
             */
            configured_at: string | null;
            /** @description The URL to send the IT admin’s browser to. It contains the ticket and is returned only once. */
            url: string;
        };
        /**
         * @description How the launch is opened. `direct`: a signed-in user opened it without a ticket. `setup_page`: the IT admin pressed a button of the setup page.
         * @enum {string}
         */
        LaunchMode: "redirect" | "confirm" | "direct" | "setup_page";
        /**
         * @description The current state. `configured`: WorkOS reported that the feature is set up. `failed`: the last call to WorkOS failed; the ticket may be used again. With the intent `any`, `redirected` means that the setup page was opened.
         * @enum {string}
         */
        LaunchStatus: "created" | "opened" | "redirected" | "returned" | "configured" | "expired" | "revoked" | "failed";
        /** @description A page of a list. */
        PortalLaunchList: {
            /**
             * @description Always `list`.
             * @constant
             */
            object: "list";
            /** @description The objects of this page. */
            data: components["schemas"]["PortalLaunch"][];
            list_metadata: components["schemas"]["ListMetadata"];
        };
        /** @description A visit to the Admin Portal. Never contains the ticket or the link. */
        PortalLaunch: {
            /**
             * @description Always `portal_launch`.
             * @constant
             */
            object: "portal_launch";
            /** @description Safe to log; the ticket in `url` is not. */
            id: string;
            /** @description The tenant. */
            tenant_id: string;
            /** @description The IT admin for whom the launch was created. */
            user_id: string;
            intent: components["schemas"]["LaunchIntent"];
            mode: components["schemas"]["LaunchMode"];
            /** @description The launch with the intent `any` on whose setup page this one was begun. */
            setup_launch_id: string | null;
            status: components["schemas"]["LaunchStatus"];
            /** @description The e-mail of `send_to`. `queued`: it is sent soon, or tried again. `sent`: the mail server has taken it. Null without `send_to`. */
            mail: ("queued" | "sent" | "failed") | null;
            /** @description Why the e-mail failed, or why the last attempt did: `address_refused`, `sender_refused`, `server_refused`, `server_busy`, `server_unreachable`, `server_too_slow`, `server_says_too_much`, `sign_in_refused`, `tls_failed`, `launch_revoked`, `launch_expired`, `launch_used`, `key_missing`, `mail_not_configured`, `internal`, or the code of the problem that the launch has now, such as `tenant_not_active`. */
            mail_reason: string | null;
            /**
             * Format: date-time
             * @description When the ticket expires.
             */
            expires_at: string;
            /**
             * Format: date-time
             * @description When the launch was created.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When a browser first opened the ticket’s URL.
             */
            opened_at: string | null;
            /**
             * Format: date-time
             * @description When the browser was redirected to the Admin Portal.
             */
            redirected_at: string | null;
            /**
             * Format: date-time
             * @description When the browser came back to Gatehouse’s return page.
             */
            returned_at: string | null;
            /**
             * Format: date-time
             * @description When WorkOS’s events reported that the feature is set up, within a day of the redirect. Always null for `audit_logs` and `log_streams`, for which there is no event.
             */
            configured_at: string | null;
        };
        /** @description The features that a tenant has set up. */
        TenantSetup: {
            /**
             * @description Always `tenant_setup`.
             * @constant
             */
            object: "tenant_setup";
            /** @description The tenant id. */
            tenant_id: string;
            /**
             * Format: date-time
             * @description The reply includes every change that WorkOS had reported by this time. Null if it was never read completely; states that are not known are `unknown`.
             */
            as_of: string | null;
            /**
             * @description `live`: read from WorkOS for this reply. `mirror`: from Gatehouse’s own copy.
             * @enum {string}
             */
            source: "live" | "mirror";
            /** @description One entry for each intent of the Admin Portal. */
            features: {
                /** @description `active` if there is an active connection. */
                sso: {
                    state: components["schemas"]["SetupState"];
                    reason?: components["schemas"]["SetupReason"];
                    /** @description All connections of the tenant. */
                    connections: components["schemas"]["SetupConnection"][];
                };
                /** @description `attention` if a directory does not synchronize. */
                directory_sync: {
                    state: components["schemas"]["SetupState"];
                    reason?: components["schemas"]["SetupReason"];
                    /** @description All directories of the tenant. */
                    directories: components["schemas"]["SetupDirectory"][];
                };
                /** @description `active` if every domain is verified. */
                domain_verification: {
                    state: components["schemas"]["SetupState"];
                    reason?: components["schemas"]["SetupReason"];
                    /** @description All domains of the tenant. */
                    domains: components["schemas"]["SetupDomain"][];
                };
                audit_logs: components["schemas"]["SetupReadFeature"];
                log_streams: components["schemas"]["SetupReadFeature"];
                /** @description `attention` if a certificate has expired or expires within 30 days. */
                certificate_renewal: components["schemas"]["SetupToldFeature"];
                bring_your_own_key: components["schemas"]["SetupToldFeature"];
            };
            /** @description What to do next, the most urgent step first. At most one step per feature. */
            next_steps: components["schemas"]["SetupStep"][];
        };
        /**
         * @description `in_progress`: started, but not in use yet. `attention`: set up, but somebody has to act. `unknown`: see `reason`.
         * @enum {string}
         */
        SetupState: "not_configured" | "in_progress" | "active" | "attention" | "unknown";
        /**
         * @description Why the state is `unknown`. `not_read_yet`: Gatehouse has not been able to read it from WorkOS. `not_told_yet`: WorkOS reports it only by events, and has sent none.
         * @enum {string}
         */
        SetupReason: "not_read_yet" | "not_told_yet";
        /** @description A connection to an identity provider. */
        SetupConnection: {
            /** @description The id of the connection. */
            id: string;
            /** @description E.g. `OktaSAML`, `EntraIdOIDC`. */
            type: string;
            provider: components["schemas"]["SetupProvider"];
            /** @description Its name. */
            name: string;
            /** @description The state at WorkOS: `draft`, `active`, `validating`, `inactive`, … */
            state: string;
            /**
             * Format: date-time
             * @description When its first certificate expires. Absent if WorkOS has reported none.
             */
            certificate_expires_at?: string;
            /**
             * Format: date-time
             * @description When WorkOS first reported a sign-in through it. Absent if it has reported none.
             */
            first_sign_in_at?: string;
            /**
             * Format: date-time
             * @description When it last changed at WorkOS.
             */
            updated_at: string;
        };
        /** @description The identity provider, by the type. */
        SetupProvider: {
            /** @description Its name. */
            name: string;
            /** @description URLs of its icon. Null when none is known. */
            icon: {
                /** @description An SVG for light pages. */
                light: string;
                /** @description An SVG for dark pages. */
                dark: string;
            } | null;
        };
        /** @description A directory that users are synchronized from. */
        SetupDirectory: {
            /** @description The id of the directory. */
            id: string;
            /** @description E.g. `okta scim v2.0`. */
            type: string;
            provider: components["schemas"]["SetupProvider"];
            /** @description Its name. */
            name: string;
            /** @description `active`, `validating`, `invalid_credentials`, `inactive`, … */
            state: string;
            /**
             * Format: date-time
             * @description When it last changed at WorkOS.
             */
            updated_at: string;
        };
        /** @description A domain of the tenant. */
        SetupDomain: {
            /** @description The id of the organization domain. */
            id: string;
            /** @description The domain name. */
            domain: string;
            /** @description `pending`, `verified`, `legacy_verified`, `unverified`, `failed`. */
            state: string;
            /**
             * Format: date-time
             * @description When it last changed at WorkOS.
             */
            updated_at: string;
        };
        /** @description A feature whose state can only be read, because no event reports it. */
        SetupReadFeature: {
            state: components["schemas"]["SetupState"];
            reason?: components["schemas"]["SetupReason"];
            /**
             * Format: date-time
             * @description When the state was last read from WorkOS; no event reports changes.
             */
            as_of?: string;
        };
        /** @description A feature whose state only events report. */
        SetupToldFeature: {
            state: components["schemas"]["SetupState"];
            reason?: components["schemas"]["SetupReason"];
        };
        /** @description A step for the tenant’s IT admin. */
        SetupStep: {
            /**
             * @description The step, for programs. `test_sso`: single sign-on is active, but nobody has signed in yet.
             * @enum {string}
             */
            code: "renew_expired_certificate" | "repair_sso" | "repair_directory_sync" | "renew_certificate" | "retry_domain_verification" | "repair_log_streams" | "repair_encryption_key" | "finish_sso" | "finish_domain_verification" | "finish_directory_sync" | "test_sso" | "set_up_sso" | "add_domain" | "set_up_directory_sync";
            /** @description The intent of the portal launch for this step. Null if it needs none. */
            intent: components["schemas"]["PortalIntent"] | null;
            /** @description One sentence for the IT admin, in the language of `Accept-Language`. */
            text: string;
        };
        /**
         * @description The feature that the IT admin sets up in the Admin Portal.
         * @enum {string}
         */
        PortalIntent: "sso" | "dsync" | "audit_logs" | "log_streams" | "domain_verification" | "certificate_renewal" | "bring_your_own_key";
        /** @description The parameters of the sign-in. */
        CreateAuthorizationUrl: {
            /** @description One of the client’s registered redirect URIs, exactly as registered. Only the port of `http://127.0.0.1` and `http://[::1]` may differ. */
            redirect_uri: string;
            /** @description Your tenant id. Give exactly one of `organization`, `connection`, `provider`. */
            organization?: string;
            /** @description A WorkOS connection id. */
            connection?: string;
            /** @description A WorkOS provider, e.g. `GoogleOAuth`; only for clients that may use every tenant (`*`). */
            provider?: string;
            /** @description Returned to your redirect URI unchanged. At most 1 KB. */
            state?: string;
            /** @description Passed on to the identity provider. */
            login_hint?: string;
            /** @description Passed on to the identity provider. */
            domain_hint?: string;
            /** @description Passed on to WorkOS. */
            nonce?: string;
            /** @description Passed on to WorkOS; `login` forces a fresh sign-in. */
            prompt?: string;
            /** @description Scopes to request from the provider, comma separated. */
            provider_scopes?: string;
            /** @description The PKCE code challenge (RFC 7636). Recommended. */
            code_challenge?: string;
            /**
             * @description `S256` only.
             * @constant
             */
            code_challenge_method?: "S256";
        };
        /** @description The URL to send a browser to. */
        AuthorizationUrl: {
            /**
             * @description Always `authorization_url`.
             * @constant
             */
            object: "authorization_url";
            /** @description A URL of Gatehouse, never of WorkOS. */
            url: string;
        };
        /** @description A page of a list. */
        WebhookEndpointList: {
            /**
             * @description Always `list`.
             * @constant
             */
            object: "list";
            /** @description The objects of this page. */
            data: components["schemas"]["WebhookEndpoint"][];
            list_metadata: components["schemas"]["ListMetadata"];
        };
        /** @description A URL of a client that events are delivered to. */
        WebhookEndpoint: {
            /**
             * @description Always `webhook_endpoint`.
             * @constant
             */
            object: "webhook_endpoint";
            /** @description The id of the webhook endpoint. */
            id: string;
            /** @description The URL that events are delivered to. */
            endpoint_url: string;
            /** @description The signing secret. Returned once, when the endpoint is created or the secret is rotated; empty afterwards. */
            secret: string;
            /**
             * @description Gatehouse sets `disabled` itself if the endpoint answers 410.
             * @enum {string}
             */
            status: "enabled" | "disabled";
            /** @description The event types that are delivered. */
            events: string[];
            /**
             * Format: date-time
             * @description When the endpoint was created.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the endpoint last changed.
             */
            updated_at: string;
        };
        /** @description A new webhook endpoint. */
        CreateWebhookEndpoint: {
            /**
             * @description The URL to deliver events to. Its origin must be one that the platform team allows (`WEBHOOK_ENDPOINT_ORIGINS`), so it is https unless that setting allows http. No user name and no fragment.
             * @example https://billing.internal.example/webhooks
             */
            endpoint_url: string;
            /** @description The event types to deliver. A type that neither this release knows nor WorkOS has sent yet is refused. */
            events: string[];
        };
        /** @description The fields to change. */
        UpdateWebhookEndpoint: {
            /**
             * @description The URL to deliver events to. Its origin must be one that the platform team allows (`WEBHOOK_ENDPOINT_ORIGINS`), so it is https unless that setting allows http. No user name and no fragment.
             * @example https://billing.internal.example/webhooks
             */
            endpoint_url?: string;
            /** @description The event types to deliver. A type that neither this release knows nor WorkOS has sent yet is refused. */
            events?: string[];
            /**
             * @description Events that occur while the endpoint is `disabled` are not delivered later; see `replayWebhookEvents`.
             * @enum {string}
             */
            status?: "enabled" | "disabled";
        };
        /** @description A webhook endpoint with a new secret. */
        RotatedWebhookEndpoint: {
            /**
             * @description Always `webhook_endpoint`.
             * @constant
             */
            object: "webhook_endpoint";
            /** @description The id of the webhook endpoint. */
            id: string;
            /** @description The URL that events are delivered to. */
            endpoint_url: string;
            /** @description The signing secret. Returned once, when the endpoint is created or the secret is rotated; empty afterwards. */
            secret: string;
            /**
             * @description Gatehouse sets `disabled` itself if the endpoint answers 410.
             * @enum {string}
             */
            status: "enabled" | "disabled";
            /** @description The event types that are delivered. */
            events: string[];
            /**
             * Format: date-time
             * @description When the endpoint was created.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the endpoint last changed.
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description Until this time deliveries are signed with the former secret as well.
             */
            former_secret_until: string;
        };
        /** @description The events to deliver again. Give one of `event_id`, `since` and `missed`. */
        ReplayEvents: {
            /**
             * @description Only this event.
             * @example event_01EHZNVPK3SFK441A1RGBFSHRT
             */
            event_id?: string;
            /**
             * Format: date-time
             * @description All events that happened at or after this time (RFC 3339).
             */
            since?: string;
            /**
             * Format: date-time
             * @description Together with `since`: only events before this time.
             */
            until?: string;
            /**
             * @description All events since the endpoint was created whose delivery failed for good, or that occurred while it was disabled.
             * @constant
             */
            missed?: true;
            /** @description Together with `since` or `missed`: continue there. */
            after?: string;
        };
        /** @description The deliveries that a replay has queued. */
        WebhookReplay: {
            /**
             * @description Always `webhook_replay`.
             * @constant
             */
            object: "webhook_replay";
            /** @description The number of deliveries that are due now, at most 1,000. 0 if there is nothing to deliver. */
            count: number;
            /** @description Set if not all events were looked at: send the request again with `after` set to this. It may be set although `count` is 0. Null if there are no more. */
            more_after: string | null;
        };
        /** @description A page of a list. */
        WebhookDeliveryList: {
            /**
             * @description Always `list`.
             * @constant
             */
            object: "list";
            /** @description The objects of this page. */
            data: components["schemas"]["WebhookDeliveryOutput"][];
            list_metadata: components["schemas"]["ListMetadata"];
        };
        /** @description One attempt to deliver an event. */
        WebhookDeliveryOutput: {
            /**
             * @description Always `webhook_delivery`.
             * @constant
             */
            object: "webhook_delivery";
            /** @description The id of the attempt. Later attempts have larger ids. */
            id: string;
            /** @description The id of the event. */
            event_id: string;
            /**
             * Format: date-time
             * @description When the attempt ended.
             */
            at: string;
            /** @description The HTTP status of the response. Null if there was none. */
            status: number | null;
            /** @description The duration in milliseconds. */
            duration_ms: number;
            /** @description `delivered` (2xx), `refused` (another status), `redirected` (3xx, never followed), `gone` (410: the endpoint was disabled), `timeout`, `name_not_resolved` (the host has no address), `connection_refused`, `connection_reset` (the connection ended before a response), `tls_failed` (for example an expired certificate), `invalid_answer` (not HTTP, or headers too large), `unreachable` (another network error), `address_refused` (the host’s address is not allowed), `url_refused` (its origin is no longer allowed) or `secret_unreadable` (nothing was sent, because Gatehouse lacks the key that decrypts the signing secret; it is retried once the key is back or the secret is rotated). */
            outcome: string;
        };
        /** @description A list of identity providers. */
        ProviderIconList: {
            /**
             * @description Always `list`.
             * @constant
             */
            object: "list";
            /** @description One entry for each type. */
            data: components["schemas"]["ProviderIcon"][];
        };
        /** @description Name and icon of an identity provider. */
        ProviderIcon: {
            /** @description The type of a connection or directory. */
            type: string;
            /** @description The provider’s name. */
            name: string;
            /** @description URLs of the icon. Null when none is known. */
            icon: {
                /** @description An SVG for light pages. */
                light: string;
                /** @description An SVG for dark pages. */
                dark: string;
            } | null;
        };
        /** @description A page of a list. */
        AuditTrail: {
            /**
             * @description Always `list`.
             * @constant
             */
            object: "list";
            /** @description The objects of this page. */
            data: components["schemas"]["AuditEntry"][];
            list_metadata: components["schemas"]["ListMetadata"];
        };
        /** @description One privileged action. */
        AuditEntry: {
            /**
             * @description Always `audit_entry`.
             * @constant
             */
            object: "audit_entry";
            /** @description The id of the entry. */
            id: string;
            /**
             * Format: date-time
             * @description When the entry was recorded.
             */
            at: string;
            /** @description The operationId of the operation, or the command of the command line. */
            operation: string;
            /** @description `attempted` before a change at WorkOS; then `succeeded`, `failed` or `refused`. */
            outcome: string;
            /** @description The calling client. Null for the platform team and for Gatehouse itself. */
            client_id: string | null;
            /** @description The acting user, or null. */
            user_id: string | null;
            /** @description The tenant concerned, or null. */
            tenant_id: string | null;
            /** @description The id of the request, as in its X-Request-ID header. */
            request_id: string;
            /** @description Further facts about the action. Contains no secrets. */
            details: {
                [key: string]: unknown;
            };
        };
        /** @description The budget of requests to WorkOS. */
        UpstreamBudget: {
            /**
             * @description Always `upstream_budget`.
             * @constant
             */
            object: "upstream_budget";
            /** @description Requests that all processes may make in a window. */
            limit: number;
            /** @description The window, in seconds. */
            window_seconds: number;
            /** @description Requests in the last minute. */
            used: number;
            /** @description The rest of the limit. Logins may use more than there is. */
            remaining: number;
            used_by_priority: components["schemas"]["RequestsByPriority"];
            /** @description The clients that made requests, those with most first. */
            clients: components["schemas"]["UpstreamBudgetClient"][];
            /** @description What WorkOS holds back. */
            holds: components["schemas"]["UpstreamHold"][];
        };
        /** @description Requests to WorkOS in the last minute. */
        RequestsByPriority: {
            /** @description While a person signs in. */
            login: number;
            /** @description While a person waits for a page, a portal link or a second factor. */
            interactive: number;
            /** @description Other requests. */
            ordinary: number;
            /** @description Lists that read many objects, provisioning and background tasks. */
            batch: number;
        };
        /** @description What one client uses. */
        UpstreamBudgetClient: {
            /** @description The client. `@browsers` stands for pages that browsers open, `@background` for background tasks. */
            client_id: string;
            /** @description How many requests a minute this client may make at the moment. */
            share: number;
            /** @description Requests of this client in the last minute. */
            used: number;
            used_by_priority: components["schemas"]["RequestsByPriority"];
        };
        /** @description A `Retry-After` of WorkOS that is still in force. */
        UpstreamHold: {
            /** @description The operations that WorkOS holds back; with the object, for clients of every tenant. */
            operation: string;
            /** @description Seconds until Gatehouse asks WorkOS again. */
            retry_after: number;
        };
    };
    responses: {
        /** @description A tenant and its WorkOS organization. */
        Tenant: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Tenant"];
            };
        };
        /**
         * @description `unauthenticated`: The calling client is not authenticated.
         *     `invalid_user_token`: The acting user’s token is not valid.
         */
        Errors401Problem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `insufficient_scope`: The client lacks the scope of this operation. */
        InsufficientScopeProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `tenant_not_found`: No such tenant. */
        TenantNotFoundProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `payload_too_large`: The body is too large. */
        PayloadTooLargeProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported_media_type`: The body’s media type is not accepted. */
        UnsupportedMediaTypeProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `too_many_requests`: Too many requests.
         *     `workos_share_used`: The client’s share of the requests to WorkOS is used up.
         */
        Errors429Problem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal`: Unexpected error. */
        InternalProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `upstream_rejected`: WorkOS refused what Gatehouse asked.
         *     `upstream_auth_failed`: WorkOS refused Gatehouse’s key.
         *     `upstream_forbidden`: Gatehouse’s WorkOS key lacks a permission.
         *     `upstream_error`: WorkOS failed.
         *     `upstream_unreachable`: WorkOS could not be reached.
         *     `upstream_invalid_response`: WorkOS answered something unexpected.
         */
        Errors502Problem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `upstream_timeout`: WorkOS did not answer in time. */
        UpstreamTimeoutProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `malformed_request`: The request could not be read.
         *     `duplicate_header`: A header that must stand alone was sent twice.
         *     `conflicting_user_headers`: Two acting users were named.
         */
        Errors400WithoutWorkosRefusedProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_request`: The request does not match the contract. */
        InvalidRequestProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too_many_requests`: Too many requests. */
        TooManyRequestsProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `dependency_unavailable`: A dependency of Gatehouse is not available.
         *     `dependency_timeout`: The database did not answer in time.
         *     `dependency_read_only`: The database is read-only.
         *     `overloaded`: Gatehouse is at its limit.
         */
        Errors503WithoutUpstreamRateLimitedProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `dependency_unavailable`: A dependency of Gatehouse is not available.
         *     `dependency_timeout`: The database did not answer in time.
         *     `dependency_read_only`: The database is read-only.
         *     `overloaded`: Gatehouse is at its limit.
         *     `upstream_rate_limited`: WorkOS’s rate limit is used up.
         *     `upstream_unavailable`: WorkOS is not available.
         */
        Errors503Problem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Done. */
        Answer2042: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The registry’s row for one user of one tenant. */
        ItAdmin: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ItAdmin"];
            };
        };
        /**
         * @description `tenant_not_found`: No such tenant.
         *     `not_found`: No such resource.
         */
        Errors404Problem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `malformed_request`: The request could not be read.
         *     `duplicate_header`: A header that must stand alone was sent twice.
         *     `conflicting_user_headers`: Two acting users were named.
         *     `invalid_idempotency_key`: The Idempotency-Key is malformed.
         */
        Errors400InvalidIdempotencyKeyProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency_key_in_use`: The first request with this key is not done. */
        IdempotencyKeyInUseProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `invalid_request`: The request does not match the contract.
         *     `idempotency_key_reused`: The Idempotency-Key named another request.
         */
        Errors422IdempotencyKeyReusedProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A visit to the Admin Portal. Never contains the ticket or the link. */
        PortalLaunch: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["PortalLaunch"];
            };
        };
        /** @description `not_found`: No such resource. */
        NotFoundProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `malformed_request`: The request could not be read.
         *     `duplicate_header`: A header that must stand alone was sent twice.
         *     `conflicting_user_headers`: Two acting users were named.
         */
        Errors400WithoutWorkosRefused: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `unauthenticated`: The calling client is not authenticated.
         *     `invalid_user_token`: The acting user’s token is not valid.
         */
        Errors401: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description `insufficient_scope`: The client lacks the scope of this operation. */
        InsufficientScope: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_request`: The request does not match the contract. */
        InvalidRequest: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description `too_many_requests`: Too many requests. */
        TooManyRequests: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal`: Unexpected error. */
        Internal: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `dependency_unavailable`: A dependency of Gatehouse is not available.
         *     `dependency_timeout`: The database did not answer in time.
         *     `dependency_read_only`: The database is read-only.
         *     `overloaded`: Gatehouse is at its limit.
         */
        Errors503WithoutUpstreamRateLimited: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description A URL of a client that events are delivered to. */
        WebhookEndpoint: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                "Gatehouse-Ignored": components["headers"]["GatehouseIgnored"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["WebhookEndpoint"];
            };
        };
        /** @description `payload_too_large`: The body is too large. */
        PayloadTooLarge: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported_media_type`: The body’s media type is not accepted. */
        UnsupportedMediaType: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `invalid_request`: The request does not match the contract.
         *     `invalid_url`: Nothing may be sent to this URL.
         */
        Errors422InvalidUrl: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description `entity_not_found`: No such object. */
        EntityNotFound: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description Done. */
        Answer2041: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                "Gatehouse-Ignored": components["headers"]["GatehouseIgnored"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description `entity_not_found`: No such object. */
        EntityNotFoundProblem: {
            headers: {
                "X-Request-ID": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description Your own id of the tenant, compared byte for byte. */
        PathTenantId: components["schemas"]["TenantId"];
        /** @description The acting user’s token (a JWT of your identity provider). */
        UserToken: string;
        /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
        UserId: string;
        /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
        UserRoles: string;
        /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
        RequestID: string;
        /** @description The same key and request give the same answer, for 24 hours. */
        IdempotencyKey: string;
        /** @description Maximum number of objects: 1–100. */
        Limit: number;
        /** @description Start after the object with this id. */
        After: string;
        /** @description Stop before the object with this id. */
        Before: string;
        /** @description Order by creation; `desc` is newest first. */
        QueryOrder1: "asc" | "desc";
        /** @description The launch. */
        LaunchId: string;
        /** @description The language of texts for people, as a BCP 47 tag: `de`. Default: what `Accept-Language` asks for. */
        Lang: string;
        /** @description The id of a webhook endpoint. */
        PathId3: string;
    };
    requestBodies: never;
    headers: {
        /** @description Names this request in logs and reports; yours is kept if it is well-formed. */
        RequestId: string;
        /** @description Seconds to wait before a retry. */
        RetryAfter: string;
        /** @description The limits that refused the request: name, quota (`q`) and window in seconds (`w`), as in `"workos";q=600;w=60`. */
        RateLimitPolicy: string;
        /** @description The limits that refused the request: name, what is left (`r`), and seconds until there is more (`t`), as in `"workos";r=0;t=3`. */
        RateLimit: string;
        /** @description The fields and parameters of the request that the operation does not have, and that were left out: up to 20 names. */
        GatehouseIgnored: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description Your own id of the tenant, compared byte for byte. */
                tenant_id: components["parameters"]["PathTenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Tenant"];
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["TenantNotFoundProblem"];
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    putTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
                /** @description The same key and request give the same answer, for 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Your own id of the tenant, compared byte for byte. */
                tenant_id: components["parameters"]["PathTenantId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Acme",
                 *       "domains": [
                 *         {
                 *           "domain": "acme.com"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PutTenant"];
            };
        };
        responses: {
            200: components["responses"]["Tenant"];
            201: components["responses"]["Tenant"];
            /**
             * @description `malformed_request`: The request could not be read.
             *     `duplicate_header`: A header that must stand alone was sent twice.
             *     `conflicting_user_headers`: Two acting users were named.
             *     `invalid_idempotency_key`: The Idempotency-Key is malformed.
             *     `workos_refused`: WorkOS refuses what was given.
             */
            400: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["TenantNotFoundProblem"];
            /**
             * @description `idempotency_key_in_use`: The first request with this key is not done.
             *     `tenant_not_active`: The tenant cannot be used now.
             *     `tenant_deleted`: The tenant id belonged to a deleted tenant.
             *     `provisioning_in_progress`: The tenant is being provisioned.
             *     `organization_missing`: The organization is gone at WorkOS.
             *     `organization_conflict`: The organization is not ours to use.
             *     `workos_conflict`: It conflicts with what WorkOS has.
             */
            409: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLargeProblem"];
            415: components["responses"]["UnsupportedMediaTypeProblem"];
            /**
             * @description `invalid_request`: The request does not match the contract.
             *     `idempotency_key_reused`: The Idempotency-Key named another request.
             *     `workos_unprocessable`: WorkOS does not accept what was given.
             */
            422: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Errors429Problem"];
            500: components["responses"]["InternalProblem"];
            502: components["responses"]["Errors502Problem"];
            /**
             * @description `dependency_unavailable`: A dependency of Gatehouse is not available.
             *     `dependency_timeout`: The database did not answer in time.
             *     `dependency_read_only`: The database is read-only.
             *     `overloaded`: Gatehouse is at its limit.
             *     `provisioning_incomplete`: The tenant is not provisioned to the end yet.
             *     `upstream_rate_limited`: WorkOS’s rate limit is used up.
             *     `upstream_unavailable`: WorkOS is not available.
             */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            504: components["responses"]["UpstreamTimeoutProblem"];
        };
    };
    deleteTenant: {
        parameters: {
            query?: {
                /** @description `true` also deletes the organization at WorkOS. */
                delete_organization?: "true" | "false";
            };
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description Your own id of the tenant, compared byte for byte. */
                tenant_id: components["parameters"]["PathTenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Answer2042"];
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["TenantNotFoundProblem"];
            /** @description `provisioning_in_progress`: The tenant is being provisioned. */
            409: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["Errors429Problem"];
            500: components["responses"]["InternalProblem"];
            502: components["responses"]["Errors502Problem"];
            503: components["responses"]["Errors503Problem"];
            504: components["responses"]["UpstreamTimeoutProblem"];
        };
    };
    patchTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description Your own id of the tenant, compared byte for byte. */
                tenant_id: components["parameters"]["PathTenantId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "suspended"
                 *     }
                 */
                "application/json": components["schemas"]["PatchTenant"];
            };
        };
        responses: {
            200: components["responses"]["Tenant"];
            /**
             * @description `malformed_request`: The request could not be read.
             *     `duplicate_header`: A header that must stand alone was sent twice.
             *     `conflicting_user_headers`: Two acting users were named.
             *     `workos_refused`: WorkOS refuses what was given.
             */
            400: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["TenantNotFoundProblem"];
            /**
             * @description `tenant_not_active`: The tenant cannot be used now.
             *     `tenant_deleted`: The tenant id belonged to a deleted tenant.
             *     `provisioning_in_progress`: The tenant is being provisioned.
             *     `organization_missing`: The organization is gone at WorkOS.
             *     `organization_conflict`: The organization is not ours to use.
             *     `workos_conflict`: It conflicts with what WorkOS has.
             */
            409: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLargeProblem"];
            415: components["responses"]["UnsupportedMediaTypeProblem"];
            /**
             * @description `invalid_request`: The request does not match the contract.
             *     `workos_unprocessable`: WorkOS does not accept what was given.
             */
            422: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Errors429Problem"];
            500: components["responses"]["InternalProblem"];
            502: components["responses"]["Errors502Problem"];
            503: components["responses"]["Errors503Problem"];
            504: components["responses"]["UpstreamTimeoutProblem"];
        };
    };
    listTenants: {
        parameters: {
            query?: {
                /** @description Maximum number of objects: 1–100. */
                limit?: components["parameters"]["Limit"];
                /** @description Start after the object with this id. */
                after?: components["parameters"]["After"];
                /** @description Stop before the object with this id. */
                before?: components["parameters"]["Before"];
                /** @description Order by creation; `desc` is newest first. */
                order?: components["parameters"]["QueryOrder1"];
                /** @description Only tenants in this status. */
                status?: components["schemas"]["TenantStatus"];
                /** @description Only tenants with this domain. */
                domain?: string;
            };
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantList"];
                };
            };
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    listItAdmins: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description Your own id of the tenant, compared byte for byte. */
                tenant_id: components["parameters"]["PathTenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The registry of one tenant. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItAdminList"];
                };
            };
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["TenantNotFoundProblem"];
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    getItAdmin: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description Your own id of the tenant, compared byte for byte. */
                tenant_id: components["parameters"]["PathTenantId"];
                /** @description The user’s id: the `sub` of their token, compared byte for byte. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ItAdmin"];
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["Errors404Problem"];
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    putItAdmin: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
                /** @description The same key and request give the same answer, for 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Your own id of the tenant, compared byte for byte. */
                tenant_id: components["parameters"]["PathTenantId"];
                /** @description The user’s id: the `sub` of their token, compared byte for byte. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "state": "granted"
                 *     }
                 */
                "application/json": components["schemas"]["PutItAdmin"];
            };
        };
        responses: {
            200: components["responses"]["ItAdmin"];
            201: components["responses"]["ItAdmin"];
            400: components["responses"]["Errors400InvalidIdempotencyKeyProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["TenantNotFoundProblem"];
            409: components["responses"]["IdempotencyKeyInUseProblem"];
            413: components["responses"]["PayloadTooLargeProblem"];
            415: components["responses"]["UnsupportedMediaTypeProblem"];
            422: components["responses"]["Errors422IdempotencyKeyReusedProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    deleteItAdmin: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description Your own id of the tenant, compared byte for byte. */
                tenant_id: components["parameters"]["PathTenantId"];
                /** @description The user’s id: the `sub` of their token, compared byte for byte. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Answer2042"];
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["Errors404Problem"];
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    listPortalLaunches: {
        parameters: {
            query?: {
                /** @description Maximum number of objects: 1–100. */
                limit?: components["parameters"]["Limit"];
                /** @description Start after the object with this id. */
                after?: components["parameters"]["After"];
                /** @description Stop before the object with this id. */
                before?: components["parameters"]["Before"];
                /** @description Order by creation; `desc` is newest first. */
                order?: components["parameters"]["QueryOrder1"];
                /** @description Only launches of this tenant. */
                tenant_id?: components["schemas"]["TenantId"];
            };
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortalLaunchList"];
                };
            };
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    createPortalLaunch: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
                /** @description The same key and request give the same answer, for 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "tenant_id": "acme",
                 *       "intent": "sso"
                 *     }
                 */
                "application/json": components["schemas"]["CreatePortalLaunch"];
            };
        };
        responses: {
            /** @description A launch with its ticket. */
            201: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewPortalLaunch"];
                };
            };
            400: components["responses"]["Errors400InvalidIdempotencyKeyProblem"];
            401: components["responses"]["Errors401Problem"];
            /**
             * @description `insufficient_scope`: The client lacks the scope of this operation.
             *     `acting_user_required`: This operation needs an acting user.
             *     `it_admin_required`: The acting user is not an IT admin of this tenant.
             */
            403: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["TenantNotFoundProblem"];
            /**
             * @description `idempotency_key_in_use`: The first request with this key is not done.
             *     `idempotent_replay`: This was done already, and its answer cannot be shown again.
             *     `tenant_not_active`: The tenant cannot be used now.
             *     `tenant_deleted`: The tenant id belonged to a deleted tenant.
             *     `provisioning_in_progress`: The tenant is being provisioned.
             *     `organization_missing`: The organization is gone at WorkOS.
             *     `organization_conflict`: The organization is not ours to use.
             */
            409: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLargeProblem"];
            415: components["responses"]["UnsupportedMediaTypeProblem"];
            /**
             * @description `invalid_request`: The request does not match the contract.
             *     `idempotency_key_reused`: The Idempotency-Key named another request.
             *     `registry_grant_required`: A long ticket needs a registry grant.
             */
            422: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    getPortalLaunch: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description The launch. */
                launch_id: components["parameters"]["LaunchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["PortalLaunch"];
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["NotFoundProblem"];
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    revokePortalLaunch: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description The same key and request give the same answer, for 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description The launch. */
                launch_id: components["parameters"]["LaunchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["PortalLaunch"];
            400: components["responses"]["Errors400InvalidIdempotencyKeyProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["NotFoundProblem"];
            /**
             * @description `idempotency_key_in_use`: The first request with this key is not done.
             *     `idempotent_replay`: This was done already, and its answer cannot be shown again.
             */
            409: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["Errors422IdempotencyKeyReusedProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    getTenantSetup: {
        parameters: {
            query?: {
                /** @description The language of texts for people, as a BCP 47 tag: `de`. Default: what `Accept-Language` asks for. */
                lang?: components["parameters"]["Lang"];
                /** @description `true` reads from WorkOS, at most once every few seconds per tenant. If WorkOS does not answer, the reply comes from the mirror; see `source`. */
                refresh?: "true" | "false";
            };
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description Your own id of the tenant, compared byte for byte. */
                tenant_id: components["parameters"]["PathTenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The features that a tenant has set up. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantSetup"];
                };
            };
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["TenantNotFoundProblem"];
            /**
             * @description `tenant_not_active`: The tenant cannot be used now.
             *     `tenant_deleted`: The tenant id belonged to a deleted tenant.
             *     `provisioning_in_progress`: The tenant is being provisioned.
             *     `organization_missing`: The organization is gone at WorkOS.
             *     `organization_conflict`: The organization is not ours to use.
             */
            409: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            /** @description `upstream_rejected`: WorkOS refused what Gatehouse asked. */
            502: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `dependency_unavailable`: A dependency of Gatehouse is not available.
             *     `dependency_timeout`: The database did not answer in time.
             *     `dependency_read_only`: The database is read-only.
             *     `overloaded`: Gatehouse is at its limit.
             *     `upstream_unavailable`: WorkOS is not available.
             */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createAuthorizationUrl: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description The same key and request give the same answer, for 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAuthorizationUrl"];
            };
        };
        responses: {
            /** @description The URL to send a browser to. */
            201: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthorizationUrl"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read.
             *     `duplicate_header`: A header that must stand alone was sent twice.
             *     `conflicting_user_headers`: Two acting users were named.
             *     `invalid_idempotency_key`: The Idempotency-Key is malformed.
             *     `unregistered_redirect_uri`: The redirect URI is not registered.
             */
            400: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["TenantNotFoundProblem"];
            409: components["responses"]["IdempotencyKeyInUseProblem"];
            413: components["responses"]["PayloadTooLargeProblem"];
            415: components["responses"]["UnsupportedMediaTypeProblem"];
            422: components["responses"]["Errors422IdempotencyKeyReusedProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    listWebhookEndpoints: {
        parameters: {
            query?: {
                /** @description Maximum number of objects: 1–100. */
                limit?: components["parameters"]["Limit"];
                /** @description Start after the object with this id. */
                after?: components["parameters"]["After"];
                /** @description Stop before the object with this id. */
                before?: components["parameters"]["Before"];
                /** @description Order by creation; `desc` and `normal` are newest first. */
                order?: "asc" | "desc" | "normal";
            };
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    "Gatehouse-Ignored": components["headers"]["GatehouseIgnored"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointList"];
                };
            };
            400: components["responses"]["Errors400WithoutWorkosRefused"];
            401: components["responses"]["Errors401"];
            403: components["responses"]["InsufficientScope"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimited"];
        };
    };
    createWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhookEndpoint"];
            };
        };
        responses: {
            201: components["responses"]["WebhookEndpoint"];
            400: components["responses"]["Errors400WithoutWorkosRefused"];
            401: components["responses"]["Errors401"];
            403: components["responses"]["InsufficientScope"];
            /**
             * @description `duplicate_endpoint`: The endpoint’s URL is taken.
             *     `too_many_endpoints`: The client has all the endpoints it may have.
             */
            409: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Errors422InvalidUrl"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimited"];
        };
    };
    deleteWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description The id of a webhook endpoint. */
                id: components["parameters"]["PathId3"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Answer2041"];
            400: components["responses"]["Errors400WithoutWorkosRefused"];
            401: components["responses"]["Errors401"];
            403: components["responses"]["InsufficientScope"];
            404: components["responses"]["EntityNotFound"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimited"];
        };
    };
    updateWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description The id of a webhook endpoint. */
                id: components["parameters"]["PathId3"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateWebhookEndpoint"];
            };
        };
        responses: {
            200: components["responses"]["WebhookEndpoint"];
            400: components["responses"]["Errors400WithoutWorkosRefused"];
            401: components["responses"]["Errors401"];
            403: components["responses"]["InsufficientScope"];
            404: components["responses"]["EntityNotFound"];
            /** @description `duplicate_endpoint`: The endpoint’s URL is taken. */
            409: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Errors422InvalidUrl"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimited"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description The same key and request give the same answer, for 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description The id of a webhook endpoint. */
                id: components["parameters"]["PathId3"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A webhook endpoint with a new secret. */
            201: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedWebhookEndpoint"];
                };
            };
            400: components["responses"]["Errors400InvalidIdempotencyKeyProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["EntityNotFoundProblem"];
            /**
             * @description `idempotency_key_in_use`: The first request with this key is not done.
             *     `idempotent_replay`: This was done already, and its answer cannot be shown again.
             *     `too_many_secrets`: The endpoint has all the secrets it may have.
             */
            409: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["Errors422IdempotencyKeyReusedProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    replayWebhookEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description The same key and request give the same answer, for 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description The id of a webhook endpoint. */
                id: components["parameters"]["PathId3"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayEvents"];
            };
        };
        responses: {
            /** @description The deliveries that a replay has queued. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookReplay"];
                };
            };
            400: components["responses"]["Errors400InvalidIdempotencyKeyProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["EntityNotFoundProblem"];
            /**
             * @description `idempotency_key_in_use`: The first request with this key is not done.
             *     `idempotent_replay`: This was done already, and its answer cannot be shown again.
             *     `endpoint_disabled`: The endpoint is disabled.
             */
            409: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLargeProblem"];
            415: components["responses"]["UnsupportedMediaTypeProblem"];
            422: components["responses"]["Errors422IdempotencyKeyReusedProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description Maximum number of objects: 1–100. */
                limit?: components["parameters"]["Limit"];
                /** @description Start after the attempt with this id. */
                after?: string;
                /** @description End before the attempt with this id. */
                before?: string;
                /** @description Order by creation; `desc` is newest first. */
                order?: components["parameters"]["QueryOrder1"];
                /** @description Only attempts for this event. */
                event_id?: string;
            };
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path: {
                /** @description The id of a webhook endpoint. */
                id: components["parameters"]["PathId3"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryList"];
                };
            };
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            404: components["responses"]["EntityNotFoundProblem"];
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    listProviderIcons: {
        parameters: {
            query?: {
                /** @description Only these types, separated by commas or as repeated parameters. An unknown type has no icon. */
                type?: string;
            };
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A list of identity providers. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderIconList"];
                };
            };
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    listAuditTrail: {
        parameters: {
            query?: {
                /** @description Maximum number of objects: 1–100. */
                limit?: components["parameters"]["Limit"];
                /** @description Start after the entry with this id. */
                after?: string;
                /** @description End before the entry with this id. */
                before?: string;
                /** @description Order by creation; `desc` is newest first. */
                order?: components["parameters"]["QueryOrder1"];
                /** @description Only actions on this tenant. */
                tenant_id?: components["schemas"]["TenantId"];
                /** @description Only actions of this user. */
                user_id?: string;
                /** @description Only actions of this client. With your own id, only actions since your registration under it. */
                client_id?: components["schemas"]["ClientId"];
                /** @description Only actions at or after this time (RFC 3339). */
                since?: string;
                /** @description Only actions before this time (RFC 3339). */
                until?: string;
            };
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditTrail"];
                };
            };
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            422: components["responses"]["InvalidRequestProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
    getUpstreamBudget: {
        parameters: {
            query?: never;
            header?: {
                /** @description The acting user’s token (a JWT of your identity provider). */
                "Gatehouse-User-Token"?: components["parameters"]["UserToken"];
                /** @description Instead of a token, with the scope `users:assert`: the acting user’s id. */
                "Gatehouse-User-Id"?: components["parameters"]["UserId"];
                /** @description With `Gatehouse-User-Id`: the user’s roles, comma separated. */
                "Gatehouse-User-Roles"?: components["parameters"]["UserRoles"];
                /** @description 1–128 of A-Z a-z 0-9 . _ -; anything else is replaced. */
                "X-Request-ID"?: components["parameters"]["RequestID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The budget of requests to WorkOS. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpstreamBudget"];
                };
            };
            400: components["responses"]["Errors400WithoutWorkosRefusedProblem"];
            401: components["responses"]["Errors401Problem"];
            403: components["responses"]["InsufficientScopeProblem"];
            429: components["responses"]["TooManyRequestsProblem"];
            500: components["responses"]["InternalProblem"];
            503: components["responses"]["Errors503WithoutUpstreamRateLimitedProblem"];
        };
    };
}

/** Where the gateway behaves differently from WorkOS on purpose, apart from statuses and fields. `test/openapi/behaviour*.test.ts` proves each line. */

/** Requests, replies and tenants. */
export const ofRequests = {
  ids: '`organization_id`, `organization`, and the `id` and `external_id` of an organization are tenant ids, in requests and replies. An `external_id` never changes.',
  errors:
    'Errors are RFC 9457 problems with the additional members `code` and `message`. They keep WorkOS’s `code` and field names; the texts are the gateway’s own, one for each code of WorkOS; for a code that is new at WorkOS, its own words are passed on if they quote no value. Each of `errors` has a code that names field and rule: `name_required`, `limit_invalid`, `return_url_not_registered`, `organization_is_a_workos_id`.',
  unknownFields:
    'A field or parameter that the operation does not have is left out and named in the response header `Gatehouse-Ignored`; the log names it once per client. One that speaks of an organization or tenant is refused (422), because rights may hang on it.',
  wireForms:
    'Requests are taken in the forms in which SDKs of all languages write them. A list in a query: `a=1,2`, `a=1&a=2`, `a[]=1&a[]=2` or `a[0]=1&a[1]=2`, and PHP’s enums as `a[0][name]=One&a[0][value]=1`, but no mixture. A map: `a[key]=1` or JSON. An optional field that is `null`, `""` or, in a body, `0`, where that is no value of it, counts as absent, and `[]` in the place of an object as `{}`; an empty `organization_id` in a query is refused. Only the bodies of `POST /auth/factors/{id}/challenge`, `POST /user_management/invitations/{id}/resend` and `POST /api_keys/{id}/expire` may be missing. A list with `after` and `before`, as iterators of SDKs send them, has what stands between; WorkOS may refuse both. The fixed parts of a path match in any case, and a slash may follow, unless the id of an object could be missing before it.',
  unknownReplyFields:
    'Fields of WorkOS’s replies are dropped if they are neither documented nor read by SDK 11.',
  idempotencyKey:
    'The `Idempotency-Key` of `POST /audit_logs/events` is forwarded as a hash of client, tenant and key, so that keys of different clients or tenants never collide.',
  exactNumbers:
    'Metadata of an audit-log event takes no integer beyond ±9007199254740991, because it would be rounded (422): such a number is sent as text.',
  reservedMetadata:
    'Metadata keys of organizations that begin with `gatehouse_` are reserved: refused in requests and left out of replies.',
  ownList:
    'A client that may not use every tenant gets `GET /organizations` from Gatehouse’s own tables: its own changes at once, others when WorkOS’s event has arrived. `search` finds names as they were last set through Gatehouse. Domains lack `verification_prefix` and `verification_token`, which a read of the organization has. With `domains` the list is WorkOS’s.',
  provisioning:
    '`POST /organizations` provisions a tenant exactly once. If WorkOS refuses it, the answer is 502 `upstream_rejected`, and the tenant can still be provisioned with `PUT /v1/tenants/{tenant_id}`.',
  pendingDomain:
    '`PUT /organizations/{id}` with a domain as `pending` leaves it verified if WorkOS has verified it meanwhile.',
  webhookSecret:
    '`secret` of a webhook endpoint is answered once, when the endpoint is created; it is empty in lists and changes. `endpoint_url` must have one of the origins of `WEBHOOK_ENDPOINT_ORIGINS`.',
  deletedTenant:
    'The id of a deleted tenant is not used again: `POST /organizations` answers 409 `tenant_deleted`.',
} as const;

/** Who may do what. */
export const ofRights = {
  lists:
    'Lists of connections, directories, invitations and users need `organization_id` (users: or `email`), unless the client may use every tenant; lists of directory users and groups need one of their filters. Objects of other tenants are removed from lists, so a page may be shorter than `limit`, but is empty only at the end of the list. A client that may not use every tenant is refused a cursor that is no object of the tenant; one that the client itself has deleted within the last ten minutes will do.',
  actingUser:
    '`POST /portal/generate_link`, `POST /widgets/token`, `DELETE /connections/{id}`, `DELETE /directories/{id}` and audit-log exports need an acting user who is an IT admin of the tenant (`Gatehouse-User-Token`).',
  environment:
    'Roles, permissions, feature flags and audit-log schemas of the environment can be read by every client, and changed only by clients that may use every tenant (audit-log schemas: or that have the scope `audit_logs:schemas`). A feature flag is switched on for tenants, not for users.',
  ownObjects:
    'Factors, challenges, magic links and exports are visible only to the client that created them. Users are visible to the client that created them (if for a tenant, namely with an acting user of it, only while the client may use that tenant), and to clients that may use a tenant of which they are a member. They are changed, and get tokens for widgets, only by clients that may use all of their tenants (403 `user_is_shared`).',
  factorUser:
    '`user_id` of `POST /auth/factors/enroll` is refused: a factor belongs to the client that enrolled it. Factors of WorkOS’s users belong to AuthKit.',
  returnOrigins: 'The origins of `return_url` and `success_url` must be registered for the client.',
  keyAndIntent:
    '`POST /sso/token` needs the client’s key also with PKCE, and `POST /portal/generate_link` an `intent`.',
  invited:
    'A user whom a client has only invited, and has not created, is answered like nobody (404) until the invitation is accepted, and gets no API key and no token for widgets; the pending membership and the list of the tenant’s users show only the user’s id and e-mail address.',
  apiKeys:
    '`POST /api_keys/validations` answers `api_key: null` for a key of a tenant that the client may not use, or that is suspended.',
  events:
    '`GET /events` has the events of the client’s tenants; events without a tenant only for clients that may use every tenant, with an empty text in place of an organization’s id. Without `order` the oldest come first, and the last page has a `list_metadata.after` too, from which to continue. A type that neither the SDKs nor WorkOS’s specification name is refused (422) until an event of it is received; so it is in webhook endpoints.',
  domainState:
    'A domain can be given as `verified` only by clients with the scope `domains:verify`, because nobody has proved then that it belongs to the tenant.',
  providerSignIn:
    '`GET /sso/authorize` with `provider`, which names no tenant, is only for clients that may use every tenant.',
  signIn:
    '`redirect_uri` also gets `iss` (RFC 9207). A `state` of more than 1,024 bytes is an error redirect, `invalid_request`. A `client_id` that is not the key’s is 401 in `POST /sso/token`, because SDKs also send the key as a header (RFC 6749 §5.2).',
  ownUsers:
    '`POST /user_management/magic_auth` makes no user for a client that may not use every tenant: an e-mail address of none of its users is 404. Such a client accepts invitations only for its own users (404). A user who is no member of the tenant is 404 in `POST /widgets/token`.',
} as const;

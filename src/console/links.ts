import type { Cell } from './view.ts';

export const eventPath = (id: string): string => `/events/${encodeURIComponent(id)}`;

/** Links to the page of an event. */
export const eventCell = (id: string): Cell => ({ link: eventPath(id), text: id });

/** Links to the page of a tenant; empty for what concerns no tenant. */
export const tenantCell = (id: string | null): Cell =>
  id === null ? null : { link: `/tenants/${id}`, text: id };

/** Links to the client's page. */
export const clientCell = (id: string | null): Cell =>
  id === null ? null : { link: `/clients/${id}`, text: id };

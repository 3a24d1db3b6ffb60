// A route of the API as data: what it is for, what it takes and gives, and who may. The router is mounted from it, and the
// OpenAPI document is written from it.
import type { RequestHandler } from 'express';
import type { z } from 'zod';
import type { Scope } from '../../operators/scopes.ts';
import type { Share } from '../http/answers/share-pages.ts';
import type { PageDeps } from '../http/deps.ts';
import type { RequireKey } from './require-key.ts';

/** `reader`: by the token of a link that was mailed to them. `key`: by a key that an operator made, with this scope. */
export type Access =
  | { type: 'open' }
  | { type: 'reader'; token: 'preferences' | 'account' }
  | { type: 'key'; scope: Scope };

export const methods = ['get', 'post', 'patch', 'delete'] as const;

export const tags = {
  sign_up: 'Sign-up and what can be followed',
  subscription: 'A reader’s own subscription',
  readers: 'Readers',
  deliveries: 'Deliveries',
  editions: 'Editions',
  suppressions: 'Suppressions and bounces',
  papers: 'Papers, sources and topics',
  webhooks: 'Webhooks',
  service: 'The service',
  about: 'About this API',
} as const;

export type RouteFacts = {
  method: (typeof methods)[number];
  /** Below /api/v1, as OpenAPI writes it: `/deliveries/{id}`. */
  path: string;
  /** What programs call it. */
  id: string;
  tag: keyof typeof tags;
  summary: string;
  details?: string;
  access: Access;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  answer: {
    status: number;
    says: string;
    /** Null: it has no body. */
    shape: z.ZodType | null;
    mediaType?: string;
  };
  /** What else it may answer, besides what follows from the rest. */
  problems?: readonly number[];
};

/** What stands before a route: limits of what brings mail about or writes, and what serves many with one answer. */
export type Doors = {
  share: Share;
  limitMails: RequestHandler;
  limitChanges: RequestHandler;
  limitReceiver: RequestHandler;
  requireKey: RequireKey;
};

export type ApiDeps = PageDeps;

export type Route = RouteFacts & {
  open: (deps: ApiDeps, doors: Doors) => RequestHandler | (RequestHandler | RequestHandler[])[];
};

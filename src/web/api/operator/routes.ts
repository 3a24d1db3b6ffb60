// What operators' programs ask the API for, by key.
import type { Route } from '../route.ts';
import { deliveriesRoutes } from './deliveries.ts';
import { editionsRoutes } from './editions.ts';
import { mailRoutes } from './mail.ts';
import { papersRoutes } from './papers.ts';
import { readersRoutes } from './readers.ts';
import { serviceRoutes } from './service.ts';
import { sourcesRoutes } from './sources.ts';
import { suppressionsRoutes } from './suppressions.ts';
import { topicsRoutes } from './topics.ts';
import { webhooksRoutes } from './webhooks.ts';

export const operatorRoutes: readonly Route[] = [
  ...readersRoutes,
  ...deliveriesRoutes,
  ...editionsRoutes,
  ...suppressionsRoutes,
  ...papersRoutes,
  ...sourcesRoutes,
  ...topicsRoutes,
  ...webhooksRoutes,
  ...mailRoutes,
  ...serviceRoutes,
];

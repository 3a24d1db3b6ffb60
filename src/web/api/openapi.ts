// The OpenAPI 3.1 document, written from the routes and from the schemas that read requests and write answers.
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { scopes } from '../../operators/scopes.ts';
import { type Access, type RouteFacts, tags } from './route.ts';
import { problemShape } from './shapes.ts';

export type JsonSchema = { [keyword: string]: unknown };

export type Parameter = {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonSchema;
};

type Content = Record<string, { schema: JsonSchema }>;
type Answer = { description: string; content?: Content; headers?: Record<string, unknown> };

export type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { required: true; content: Content };
  responses: Record<string, Answer | { $ref: string }>;
};

/** What is sent to who is told of something. */
type Message = Omit<Operation, 'security' | 'parameters' | 'requestBody'> & {
  requestBody: { required: true; content: Content };
};

export type OpenApi = {
  openapi: string;
  info: Record<string, unknown>;
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: Message }>;
  components: {
    schemas: Record<string, JsonSchema>;
    responses: Record<string, Answer>;
    securitySchemes: Record<string, unknown>;
  };
};

export function writeOpenApi(
  routes: readonly RouteFacts[],
  {
    baseUrl,
    siteName,
    messages,
  }: {
    baseUrl: string;
    siteName: string;
    /** What is sent to endpoints of webhooks. */
    messages: readonly { type: string; says: string; shape: z.ZodType }[];
  },
): OpenApi {
  const schemas: Record<string, JsonSchema> = {};
  const describe = (shape: z.ZodType) => describeShape(shape, schemas);
  const paths: OpenApi['paths'] = {};
  const statuses = new Set<number>();
  for (const route of routes) {
    const problems = listProblems(route);
    for (const status of problems) statuses.add(status);
    paths[route.path] = {
      ...paths[route.path],
      [route.method]: writeOperation(route, { problems, describe }),
    };
  }
  const problem = describe(problemShape);
  return {
    openapi: '3.1.1',
    info: {
      title: `The API of ${siteName}`,
      version: '1',
      description:
        'Instants are in UTC. Errors are problems (RFC 9457). Lists come in pages: ask again with `cursor`, until `nextCursor` is null.',
    },
    servers: [{ url: `${baseUrl}/api/v1` }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((tag) => ({ name: tags[tag] })),
    paths,
    webhooks: Object.fromEntries(
      messages.map(({ type, says, shape }) => [
        type,
        {
          post: {
            operationId: type,
            tags: [tags.webhooks],
            summary: `Told when ${says}`,
            requestBody: { required: true, content: { 'application/json': { schema: describe(shape) } } },
            responses: {
              '2XX': { description: 'It was taken. All else is tried again.' },
              '410': { description: 'The address is gone: it is disabled.' },
            },
          },
        },
      ]),
    ),
    components: {
      schemas,
      responses: Object.fromEntries(
        [...statuses].sort().map((status) => [
          nameProblem(status),
          {
            description: STATUS_CODES[status] ?? 'Error',
            content: { 'application/problem+json': { schema: problem } },
          },
        ]),
      ),
      securitySchemes: {
        preferencesToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token of a preferences link, which every mail has. Also as `?token=`.',
        },
        accountToken: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The token of an account link, which is mailed when it is asked for, and works for an hour.',
        },
        key: {
          type: 'http',
          scheme: 'bearer',
          description: `A key that an operator made (\`paperround keys create\`). Scopes: ${Object.keys(scopes).join(', ')}.`,
        },
      },
    },
  };
}

function writeOperation(
  route: RouteFacts,
  { problems, describe }: { problems: number[]; describe: (shape: z.ZodType) => JsonSchema },
): Operation {
  const { id, tag, summary, details, access, params, query, body, answer } = route;
  const parameters = [
    ...listParameters(params, 'path', describe),
    ...listParameters(query, 'query', describe),
    ...(takesIdempotencyKey(route) ? [idempotencyKey] : []),
  ];
  const { status, says, shape, mediaType = 'application/json' } = answer;
  return {
    operationId: id,
    tags: [tags[tag]],
    summary,
    ...(details === undefined ? {} : { description: details }),
    security: writeSecurity(access),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: describe(body) } } } }),
    responses: {
      [status]: {
        description: says,
        ...(shape === null ? {} : { content: { [mediaType]: { schema: describe(shape) } } }),
      },
      ...Object.fromEntries(
        problems.map((problem) => [problem, { $ref: `#/components/responses/${nameProblem(problem)}` }]),
      ),
    },
  };
}

function writeSecurity(access: Access): Record<string, string[]>[] {
  switch (access.type) {
    case 'open':
      return [];
    case 'reader':
      return [access.token === 'preferences' ? { preferencesToken: [] } : { accountToken: [] }];
    case 'key':
      return [{ key: [access.scope] }];
  }
}

/** What it may answer for how it is asked, and what is its own. */
function listProblems({ access, method, params, query, body, problems = [] }: RouteFacts): number[] {
  const statuses = [
    ...(query === undefined ? [] : [400]),
    ...(body === undefined ? [] : [400, 413, 415, 422]),
    ...(access.type === 'open' ? [] : [401]),
    ...(access.type === 'key' ? [403, 429] : []),
    ...(access.type === 'reader' && access.token === 'account' ? [403] : []),
    ...(params === undefined ? [] : [404]),
    ...(takesIdempotencyKey({ access, method }) ? [409] : []),
    ...problems,
  ];
  return [...new Set(statuses)].sort((one, other) => one - other);
}

/** Whatever a key has done by POST. */
function takesIdempotencyKey({ access, method }: Pick<RouteFacts, 'access' | 'method'>): boolean {
  return access.type === 'key' && method === 'post';
}

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Sent again with the same key within a day, it is not done again, and gets the answer of the first time.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

const nameProblem = (status: number) => `Problem${status}`;

function listParameters(
  shape: z.ZodObject | undefined,
  place: Parameter['in'],
  describe: (shape: z.ZodType) => JsonSchema,
): Parameter[] {
  if (shape === undefined) return [];
  const { properties = {}, required = [] } = describe(shape) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(typeof description === 'string' ? { description } : {}),
    schema,
  }));
}

/** As it is on the wire. What has a name goes into `schemas`, and is referred to. */
function describeShape(shape: z.ZodType, schemas: Record<string, JsonSchema>): JsonSchema {
  // At the root zod writes out what has a name: one level below it refers to it.
  const { properties, $defs } = z.toJSONSchema(z.object({ root: shape }), {
    io: 'input',
    override: ({ jsonSchema }) => {
      // The format says it, in fewer letters.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const moved = JSON.parse(
    JSON.stringify({ root: properties?.root, $defs }).replaceAll('"#/$defs/', '"#/components/schemas/'),
  );
  Object.assign(schemas, moved.$defs);
  return moved.root;
}

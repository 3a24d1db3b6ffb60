// The OpenAPI document as its pages show it: each route with what it takes and gives, and the shapes that have a name.
import type { JsonSchema, OpenApi, Operation } from './openapi.ts';

/** A type in words; parts that have a name are links to it. */
export type TypeWords = { text: string; shape: string | null }[];

type FieldView = { name: string; type: TypeWords; isRequired: boolean; description: string };

export function viewRoutes({ tags, paths, servers }: OpenApi) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return {
    server: servers[0]?.url ?? '',
    groups: tags.map(({ name }) => ({
      name,
      routes: operations.filter(({ operation }) => operation.tags.includes(name)).map(viewRoute),
    })),
  };
}

export function viewShapes({ webhooks, components }: OpenApi) {
  return {
    messages: Object.entries(webhooks).map(([type, { post }]) => ({
      type,
      summary: post.summary,
      fields: listFields(post.requestBody.content['application/json']?.schema ?? {}),
    })),
    shapes: Object.entries(components.schemas)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, schema]) => ({
        name,
        description: readText(schema.description),
        fields: listFields(schema),
      })),
  };
}

function viewRoute({ path, method, operation }: { path: string; method: string; operation: Operation }) {
  const body = operation.requestBody?.content['application/json']?.schema;
  const answers = Object.entries(operation.responses).flatMap(([status, answer]) => {
    if ('$ref' in answer) return [];
    const schema = Object.values(answer.content ?? {})[0]?.schema;
    const fields = schema === undefined || '$ref' in schema ? [] : listFields(schema);
    const type = schema === undefined || fields.length > 0 ? [] : nameType(schema);
    return [{ status, description: answer.description, type, fields }];
  });
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    summary: operation.summary,
    description: operation.description ?? '',
    access: nameAccess(operation.security),
    parameters: (operation.parameters ?? []).map(({ name, required, description = '', schema }) => ({
      name,
      type: nameType(schema),
      isRequired: required,
      description,
    })),
    body: body === undefined ? [] : listFields(body),
    answers,
    problems: Object.keys(operation.responses).filter((status) => Number(status) >= 400),
  };
}

function nameAccess([scheme]: Operation['security']): string {
  if (scheme === undefined) return 'Anybody.';
  if ('preferencesToken' in scheme) return 'The token of a preferences link.';
  if ('accountToken' in scheme) return 'The token of an account link.';
  return `A key with the scope ${scheme.key?.join(', ')}.`;
}

function listFields({ properties = {}, required = [] }: JsonSchema): FieldView[] {
  return Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) => ({
    name,
    type: nameType(schema),
    isRequired: (required as string[]).includes(name),
    description: readText(schema.description),
  }));
}

const plain = (text: string): TypeWords => [{ text, shape: null }];

function nameType(schema: JsonSchema): TypeWords {
  if (typeof schema.$ref === 'string') {
    const shape = schema.$ref.split('/').at(-1) ?? '';
    return [{ text: shape, shape }];
  }
  const choices = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (choices !== undefined)
    return choices.flatMap((choice, index) => [...(index === 0 ? [] : plain(' or ')), ...nameType(choice)]);
  if (Array.isArray(schema.enum))
    return plain(schema.enum.map((value) => JSON.stringify(value)).join(' or '));
  if ('const' in schema) return plain(JSON.stringify(schema.const));
  if (schema.type === 'array') return [...plain('list of '), ...nameType((schema.items ?? {}) as JsonSchema)];
  if (schema.type === 'object' && schema.properties !== undefined) {
    const fields = Object.entries(schema.properties as Record<string, JsonSchema>);
    return [
      ...plain('{ '),
      ...fields.flatMap(([name, field], index) => [
        ...plain(`${index === 0 ? '' : ', '}${name}: `),
        ...nameType(field),
      ]),
      ...plain(' }'),
    ];
  }
  return plain([schema.type ?? 'anything', schema.format, nameRange(schema)].filter(Boolean).join(', '));
}

function nameRange({ minimum, maximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  return minimum === undefined ? '' : `${minimum} or more`;
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

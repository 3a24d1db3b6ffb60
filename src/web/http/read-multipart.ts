// Forms that bring a file, as browsers send them (RFC 7578). Node reads them: a body is in memory anyway, and bounded.
import express, { type RequestHandler } from 'express';

export type SentFile = { field: string; name: string; bytes: Uint8Array };

/** As many as a form without a file may have. */
const mostFields = 300;

/**
 * Afterwards `request.body` has a text, or a list of texts, for each field, as of a URL-encoded form, and what `fold` made of
 * the files. Any other body is left to whoever comes next.
 */
export function readMultipart(
  most: string,
  fold: (body: Record<string, unknown>, files: SentFile[]) => Record<string, unknown>,
): RequestHandler[] {
  const readParts: RequestHandler = async (request, _response, next) => {
    if (!Buffer.isBuffer(request.body)) return next();
    const { texts, files } = await parseParts(request.body, request.get('content-type') ?? '');
    request.body = fold(texts, files);
    next();
  };
  return [express.raw({ type: 'multipart/form-data', limit: most }), readParts];
}

async function parseParts(
  bytes: Buffer,
  type: string,
): Promise<{ texts: Record<string, unknown>; files: SentFile[] }> {
  const body = new Uint8Array(bytes);
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch((cause) => {
    throw new FormError(400, 'multipart.parse.failed', { cause });
  });
  const parts = [...form];
  if (parts.length > mostFields) throw new FormError(413, 'parameters.too.many');
  const fields = new Map<string, string[]>();
  const files: SentFile[] = [];
  for (const [field, value] of parts) {
    if (typeof value === 'string') fields.set(field, [...(fields.get(field) ?? []), value]);
    // What nobody chose is sent as a file of no bytes.
    else if (value.size > 0) {
      const bytes = new Uint8Array(await value.arrayBuffer());
      files.push({ field, name: value.name, bytes });
    }
  }
  const texts = [...fields].map(([field, values]) => [field, values.length === 1 ? values[0] : values]);
  return { texts: Object.fromEntries(texts), files };
}

/** As Express's own readers report it. */
class FormError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, options?: ErrorOptions) {
    super('the form could not be read', options);
    this.status = status;
    this.type = type;
  }
}

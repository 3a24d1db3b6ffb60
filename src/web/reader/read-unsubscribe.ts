// Who pressed: the button on our page, or a mail program's own (RFC 8058).
import type { IncomingMessage } from 'node:http';

const longestBody = 16 * 1024;

/**
 * A mail program may send its `List-Unsubscribe=One-Click` URL-encoded or as multipart, and whatever it sends, the
 * POST itself is the wish. So everything is one-click but our own form. Never fails; what is too long is not kept.
 */
export async function readUnsubscribe(request: IncomingMessage): Promise<'button' | 'one-click'> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // The rest of a body that is too long is dropped once the answer is out.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > longestBody) break;
      chunks.push(chunk);
    }
  } catch {
    return 'one-click';
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('latin1')).get('from') === 'page'
    ? 'button'
    : 'one-click';
}

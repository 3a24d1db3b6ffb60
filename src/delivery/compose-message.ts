// A mail as it goes over the wire: headers, signature, body.
import type { OutgoingMessage } from '../mailer.ts';
import type { Header } from './dkim.ts';
import type { Blanks, MessageBody } from './message-body.ts';
import { type Addressed, chooseSender, writeHeaders } from './message-headers.ts';
import type { Stationery } from './stationery.ts';

/** Rejects when it cannot be signed. */
export async function composeMessage(
  { letterhead, signer }: Stationery,
  { addressed, body, blanks }: { addressed: Addressed; body: MessageBody; blanks: Blanks },
): Promise<OutgoingMessage> {
  const filled = body.fill(blanks);
  const headers: Header[] = [...writeHeaders(letterhead, addressed), ['Content-Type', body.contentType]];
  const signature = await signer?.({ headers, body: filled });
  const lines = (signature === undefined ? headers : [signature, ...headers]).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return {
    envelope: { from: chooseSender(letterhead, addressed.kind).address, to: addressed.to },
    raw: Buffer.concat([Buffer.from(`${lines.join('')}\r\n`, 'latin1'), filled]),
  };
}

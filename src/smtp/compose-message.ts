// A mail as it goes over the wire: headers, signature, body, in one buffer that is written once.

import type { Header } from './dkim.ts';
import type { OutgoingMessage } from './mailer.ts';
import type { Blanks, MessageBody } from './message-body.ts';
import { type Addressed, chooseSender, writeHeaders } from './message-headers.ts';
import type { Stationery } from './sender-identity.ts';

/** Rejects when it cannot be signed. */
export async function composeMessage(
  { letterhead, signer, bounceAddresses }: Stationery,
  { addressed, body, blanks }: { addressed: Addressed; body: MessageBody; blanks: Blanks },
): Promise<OutgoingMessage> {
  const headers: Header[] = [...writeHeaders(letterhead, addressed), ['Content-Type', body.contentType]];
  const unsigned = `${headers.map(toLine).join('')}\r\n`;
  const headroom = unsigned.length + (signer?.longestHeader ?? 0);
  const filled = body.fill(blanks, headroom);
  const signature = await signer?.sign({ headers, body: filled.subarray(headroom) });
  const head = signature === undefined ? unsigned : toLine(signature) + unsigned;
  filled.write(head, headroom - head.length, 'latin1');
  return {
    envelope: {
      from:
        bounceAddresses?.write({ deliveryId: addressed.id, signedAt: addressed.date }) ??
        chooseSender(letterhead, addressed.kind).address,
      to: addressed.to,
    },
    raw: filled.subarray(headroom - head.length),
  };
}

function toLine([name, value]: Header): string {
  return `${name}: ${value}\r\n`;
}

// A receiver's mail server that sends something back: a real SMTP client with a null sender.
import { openSmtpSession, readSmtpUrl, type SendResult } from '../../src/smtp/session.ts';

const timeouts = { connectionMs: 20_000, greetingMs: 20_000, socketMs: 60_000 };

/** The server's answer, however far it comes. It is not asked for TLS. */
export async function sendBack(
  port: number,
  { to, raw, from = '127.0.0.1' }: { to: string; raw: Buffer; from?: string },
): Promise<SendResult> {
  const url = `smtp://127.0.0.1:${port}?ignoreTLS=true&localAddress=${from}`;
  const opened = await openSmtpSession(readSmtpUrl(url, timeouts));
  if (opened.type === 'closed') return opened.result;
  try {
    return await opened.session.send({ envelope: { from: '', to }, raw });
  } finally {
    opened.session.close();
  }
}

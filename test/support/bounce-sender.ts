// A receiver's mail server that sends something back: a real SMTP client with a null sender.
import { openSmtpSession, readSmtpUrl, type SendResult } from '../../src/smtp/session.ts';

const timeouts = { connectionMs: 20_000, greetingMs: 20_000, socketMs: 60_000 };

/** The server's answer, however far it comes. */
export async function sendBack(port: number, { to, raw }: { to: string; raw: Buffer }): Promise<SendResult> {
  const opened = await openSmtpSession(readSmtpUrl(`smtp://127.0.0.1:${port}`, timeouts));
  if (opened.type === 'closed') return opened.result;
  try {
    return await opened.session.send({ envelope: { from: '', to }, raw });
  } finally {
    opened.session.close();
  }
}

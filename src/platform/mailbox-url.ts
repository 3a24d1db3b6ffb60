// Where a mailbox is that is read by IMAP, as it is configured.

export type MailboxSettings = {
  host: string;
  port: number;
  /** TLS from the first byte; else STARTTLS, which only a server on this machine may lack. */
  isSecure: boolean;
  user: string;
  password: string;
  mailbox: string;
  /** What becomes of a message that is judged: it is marked as seen, or moved into a folder, made where it is missing. */
  done: { type: 'seen' } | { type: 'move'; folder: string };
};

/** `imaps://user:password@host/INBOX`; null for what is none. */
export function readMailboxUrl(text: string): Omit<MailboxSettings, 'done'> | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, port, username, password, pathname } = new URL(text);
  if (
    (protocol !== 'imap:' && protocol !== 'imaps:') ||
    hostname === '' ||
    username === '' ||
    password === ''
  )
    return null;
  const isSecure = protocol === 'imaps:';
  try {
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (isSecure ? 993 : 143) : Number(port),
      isSecure,
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      mailbox: decodeURIComponent(pathname.replace(/^\//, '')) || 'INBOX',
    };
  } catch {
    return null;
  }
}

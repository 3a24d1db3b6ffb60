// The local inbox, for whoever configured no mail server: every mail lands in a folder, and a web page shows it.
import { join, resolve } from 'node:path';
import { readOrMakeKey } from '../secret-key.ts';
import { openInboxFolder } from './folder.ts';
import { servePage } from './port.ts';
import { findPageUrl } from './proof.ts';
import { startSmtpCatcher } from './smtp.ts';
import { createInboxServer } from './web.ts';

/** `webUrl` has the key in it, and no slash at its end; null when `webPort` was null and no other process serves the page. */
export type Inbox = { smtpUrl: string; webUrl: string | null; stop(): Promise<void> };

/**
 * Takes mail on a free loopback port of its own and shows the folder's mails on `webPort` (0: any free port, null: not
 * at all). Processes share nothing but the folder, so none depends on another to go on. Throws ConfigError with a way out.
 */
export async function startInbox(input: {
  folder: string;
  /** For the page; only requests for a local name are answered. */
  host: string;
  webPort: number | null;
  log: (message: string) => void;
}): Promise<Inbox> {
  const { host, webPort, log } = input;
  const folder = await openInboxFolder({ path: resolve(input.folder) });
  const loss = 'that its page has another address';
  const key = await readOrMakeKey({ path: join(folder.path, 'key'), loss });
  const smtp = await startSmtpCatcher({ folder, log });
  let stopping: Promise<void> | null = null;
  try {
    const page =
      webPort === null
        ? { url: await findPageUrl(folder.path), stop: async () => {} }
        : await servePage({
            server: createInboxServer({ folder, key, log }),
            host,
            port: webPort,
            folder: folder.path,
            log,
          });
    const stopBoth = async () => {
      await Promise.all([smtp.stop(), page.stop()]);
    };
    return {
      smtpUrl: smtp.url,
      webUrl: page.url === null ? null : `${page.url}/${key}`,
      stop: () => {
        stopping ??= stopBoth();
        return stopping;
      },
    };
  } catch (error) {
    await smtp.stop();
    throw error;
  }
}

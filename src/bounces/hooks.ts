// What the web side is given to take in events of mail providers.
import type { HookDeps } from './providers/provider.ts';
import type { ProviderName } from './providers/providers.ts';
import type { MailEvent } from './record-event.ts';

export type Hooks = {
  /** By provider, what its operator has set; those without are not there. */
  settings: Partial<Record<ProviderName, string>>;
  /** Resolves once what follows is committed. */
  record(event: MailEvent): Promise<unknown>;
} & HookDeps;

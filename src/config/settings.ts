// The settings in force, for whoever runs the service: what is set, and nothing that is secret.
import { variables } from './config.ts';

export type Setting = { name: string; value: string };

const secret = /KEY|SECRET|TOKEN|PASSWORD|WEBHOOK/;

export function listSettings(env: Record<string, string | undefined> = process.env): Setting[] {
  return Object.keys(variables).flatMap((name) => {
    const file = env[`${name}_FILE`];
    if (file) return [{ name, value: `from ${file}` }];
    const value = env[name]?.trim();
    if (!value) return [];
    return [{ name, value: secret.test(name) ? 'set' : value.split(/\s+/).map(hideCredentials).join(' ') }];
  });
}

/** Of an address its host and path only: what comes before and behind them may be a password. */
function hideCredentials(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  return text.replace(/\/\/[^@/]*@/, '//…@').replace(/[?#].*$/, '?…');
}

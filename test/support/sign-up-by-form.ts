// The sign-up form, sent as a browser does: opened, and filled in with some care.
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than the form asks for. */
export const careMs = 2100;

export async function signUpByForm(
  siteUrl: string,
  fields: Record<string, string | string[]>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const opened = await (await fetch(`${siteUrl}/subscribe/opened`)).text();
  await sleep(careMs);
  const body = new URLSearchParams({ opened });
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) body.append(name, one);
  return fetch(`${siteUrl}/subscribe`, { method: 'POST', body, headers });
}

// What keeps programs from the sign-up form, and costs people nothing: a field that nobody sees, and a moment between opening
// the form and sending it. The front page is the same for everybody and may be cached, so its script asks for the stamp when
// the form is first touched. A stamp that is missing, old or too fresh bars nobody: one more button is to be pressed.
import type { WebDeps } from '../http/deps.ts';
import { readTexts } from '../http/read-body.ts';
import { type FormBody, readText } from './preferences/read-preferences.ts';

/** Names of fields, as templates and script have them. Who fills in the first one is no person. */
const trapField = 'homepage';
const stampField = 'opened';

const leastMs = 2000;
const mostMs = 12 * 60 * 60 * 1000;

type Deps = Pick<WebDeps, 'stamps' | 'now'>;

/** `again`: one more button, with this stamp. */
export type Guarded = { type: 'person' | 'program' } | { type: 'again'; stamp: string };

export function guardForm({ stamps, now }: Deps, body: FormBody): Guarded {
  if (readText(body[trapField]).trim() !== '') return { type: 'program' };
  const stamp = readText(body[stampField]);
  const ageMs = findAge({ stamps, now }, stamp);
  if (ageMs === null || ageMs > mostMs) return { type: 'again', stamp: stamps.issue(now()) };
  // It grows older: who was too quick once is not asked for ever.
  return ageMs < leastMs ? { type: 'again', stamp } : { type: 'person' };
}

/** For a form that comes back with what was typed: when it was opened stays known. */
export function keepStamp({ stamps, now }: Deps, body: FormBody): string {
  const stamp = readText(body[stampField]);
  return findAge({ stamps, now }, stamp) === null ? stamps.issue(now()) : stamp;
}

/** The form as it was sent, to be sent again with this stamp. */
export function listHiddenFields(body: FormBody, stamp: string): { name: string; value: string }[] {
  const sent = Object.entries(body)
    .filter(([name]) => name !== trapField && name !== stampField)
    .flatMap(([name, given]) => readTexts(given).map((value) => ({ name, value })));
  return [...sent, { name: stampField, value: stamp }];
}

/** Null for what is no stamp of ours, or of a time to come. */
function findAge({ stamps, now }: Deps, stamp: string): number | null {
  const openedAt = stamps.read(stamp);
  if (openedAt === null || openedAt > now()) return null;
  return now().getTime() - openedAt.getTime();
}

// OpenReview: what a venue accepted, or what was submitted to one of its invitations, once it can be read by all.
import { collectPages } from '../http/collect-pages.ts';
import type { ReadSetting, SourceKind } from '../kind.ts';
import { serviceAddress } from '../setting.ts';
import { everyTwoHours } from '../timetable.ts';
import { parseNotes } from './notes.ts';

export const openreview: SourceKind = {
  id: 'openreview',
  chosenBy: 'SOURCES',
  example: 'openreview:ICLR.cc/2026/Conference',
  readSetting,
  variables: { OPENREVIEW_URL: serviceAddress('https://api2.openreview.net') },
  lookEveryMs: 60_000,
  idOf: (setting) => `openreview:${setting}`,
  nameForReaders: (id) => `OpenReview (${id.replace(/^openreview:/, '').replace(/\/-\/.*$/, '')})`,
  open(setting, { settingOf, createHttp }) {
    const id = `openreview:${setting}`;
    const http = createHttp({ host: 'openreview', pauseMs: 1000 });
    return {
      id,
      name: `OpenReview ${setting}`,
      timetable,
      async *collect({ day, signal }) {
        const answer = await collectPages({
          http,
          accept: ['application/json'],
          addressOf: (start) => `${settingOf('OPENREVIEW_URL')}/notes?${toQuery(setting, start)}`,
          parse: (text) => parseNotes(text, { day, limit: pageSize }),
          maxPapers: mostNotes,
          nothing: 'nothing new can be read',
          signal,
        });
        yield { ...answer, ...(answer.type === 'papers' ? { isRolling: true } : {}), day, listing: id };
      },
    };
  },
};

/** A venue's notes are some thousand, all of which are asked for: four times a day is enough. */
const timetable = {
  ...everyTwoHours,
  again: {
    ok: { everyMinutes: 360, onceMore: true },
    empty: { everyMinutes: 360, onceMore: true },
    stale: { everyMinutes: 360, onceMore: true },
  },
};

const pageSize = 1000;
const mostNotes = 50_000;

function readSetting(text: string | null): ReadSetting {
  if (text !== null && text.length <= 200 && /^[\w.~-]+(?:\/[\w.~-]+)+$/.test(text))
    return { type: 'setting', setting: text };
  const given = text === null ? 'nothing behind “openreview”' : `“${text.slice(0, 40)}”`;
  const examples =
    'such as ICLR.cc/2026/Conference, and no invitation such as ICLR.cc/2026/Conference/-/Submission';
  return { type: 'refused', problem: `has ${given}, which is no venue of OpenReview ${examples}` };
}

/** An invitation has a part that is a dash. */
function toQuery(setting: string, start: number): URLSearchParams {
  return new URLSearchParams({
    [setting.includes('/-/') ? 'invitation' : 'content.venueid']: setting,
    sort: 'number:asc',
    limit: String(pageSize),
    offset: String(start),
  });
}

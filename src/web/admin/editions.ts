// /admin/editions: the digests of each day, how far they have come, and an operator's hand on them.
import type { RequestHandler } from 'express';
import { listHeldAhead } from '../../ledger/hold-edition.ts';
import { sayWhatToDo } from '../../ledger/outcome-codes.ts';
import {
  countReasons,
  type EditionProgress,
  listEditionProgress,
} from '../../ledger/reports/edition-progress.ts';
import type { Links } from '../../platform/links.ts';
import { addDays, isDay, utcDay } from '../../text/days.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import { type ActionForm, type AdminDeps, type Cell, sendAdminPage } from './page.ts';

const shownDays = 60;

export const editionColumns = [
  'Edition',
  'Promised',
  'Sent',
  'Nothing to send',
  'Still to go',
  'Put off',
  'Refused',
  'Unknown',
  'Came back',
];

export function viewEdition(edition: EditionProgress, links: Links): Cell[] {
  const { promised, sent, nothingToSend, planned, underWay, deferred, rejected, unknown, bounced, hold } =
    edition;
  const held = hold === null ? '' : ` (${hold})`;
  return [
    { text: `${edition.edition}${held}`, href: links.admin(`/editions/${edition.edition}`) },
    promised,
    { text: sent, tone: sent > 0 ? 'good' : 'dim' },
    nothingToSend,
    { text: planned + underWay, tone: planned + underWay > 0 ? 'wait' : 'dim' },
    { text: deferred, tone: deferred > 0 ? 'wait' : 'dim' },
    { text: rejected, tone: rejected > 0 ? 'bad' : 'dim' },
    { text: unknown, tone: unknown > 0 ? 'bad' : 'dim' },
    { text: bounced, tone: bounced > 0 ? 'wait' : 'dim' },
  ];
}

export function getEditions(deps: AdminDeps): RequestHandler {
  const { db, now, links } = deps;
  return async (_request, response) => {
    const to = addDays(utcDay(now()), 1);
    const editions = await listEditionProgress(db, { from: addDays(to, -shownDays), to, now: now() });
    const heldAhead = await listHeldAhead(db, { from: addDays(to, -2), begun: editions });
    sendAdminPage(deps, response, {
      title: 'Editions',
      lead: `The last ${shownDays} days. An edition is a day, in its readers’ own time zones.`,
      liveSeconds: 60,
      sections: [
        {
          type: 'table',
          columns: editionColumns,
          rows: editions.map((edition) => viewEdition(edition, links)),
          empty: 'No digest was promised in these days.',
        },
        {
          type: 'bars',
          title: 'Sent and failed',
          bars: {
            series: ['sent', 'refused or unknown'],
            days: [...editions].reverse().map(({ edition, sent, rejected, unknown }) => ({
              day: edition,
              values: [sent, rejected + unknown],
            })),
          },
        },
        {
          type: 'table',
          title: 'Held ahead',
          columns: ['Edition', 'State'],
          rows: heldAhead.map(({ edition, state }) => [edition, { text: state, tone: 'wait' }]),
          empty: 'No day is held of which nothing is promised yet.',
        },
        {
          type: 'actions',
          title: 'Your hand on a day to come',
          forms: [
            {
              action: 'edition-pause',
              label: 'Pause it',
              hidden: {},
              fields: [{ name: 'edition', label: 'Day, such as 2026-12-24', required: true }],
            },
            ...heldAhead.map(({ edition }) => ({
              action: 'edition-resume',
              label: `Let ${edition} go on`,
              hidden: { edition },
            })),
          ],
        },
      ],
    });
  };
}

export function getEdition(deps: AdminDeps): RequestHandler<{ day: string }> {
  const { db, now, links } = deps;
  return async ({ params: { day } }, response) => {
    const [edition] = isDay(day) ? await listEditionProgress(db, { from: day, to: day, now: now() }) : [];
    if (edition === undefined) return sendErrorPage(deps, response, 404);
    const reasons = await countReasons(db, day);
    const withEdition = reasons.find(({ reason }) => reason === 'edition_cancelled')?.count ?? 0;
    const left = edition.planned + edition.underWay + edition.deferred;
    const listed = (query: string) => links.admin(`/deliveries?edition=${day}&${query}`);
    sendAdminPage(deps, response, {
      title: `The edition of ${day}`,
      liveSeconds: left > 0 ? 10 : undefined,
      sections: [
        {
          type: 'figures',
          figures: [
            { label: 'promised', value: edition.promised, href: listed('') },
            { label: 'sent', value: edition.sent, tone: 'good', href: listed('state=accepted') },
            { label: 'nothing to send', value: edition.nothingToSend, href: listed('state=nothing') },
            { label: 'planned', value: edition.planned, href: listed('state=planned') },
            { label: 'under way', value: edition.underWay },
            { label: 'put off', value: edition.deferred, tone: 'wait', href: listed('state=deferred') },
            { label: 'refused', value: edition.rejected, tone: 'bad', href: listed('state=rejected') },
            { label: 'unknown', value: edition.unknown, tone: 'bad', href: listed('state=unknown') },
            { label: 'cancelled', value: edition.cancelled, href: listed('state=cancelled') },
            { label: 'came back', value: edition.bounced },
          ],
        },
        {
          type: 'facts',
          facts: [
            ['Held', edition.hold ?? 'no'],
            ['First promised', edition.firstPromisedAt],
            ['Last finished', edition.lastFinishedAt],
            ['Rate', edition.perSecond < 0.05 ? null : `${edition.perSecond.toFixed(1)} a second`],
            ['Time left', edition.secondsLeft === null ? null : writeDuration(edition.secondsLeft)],
          ],
        },
        {
          type: 'table',
          title: 'Why what was not sent was not',
          columns: ['State', 'Reason', 'Mails', 'What can be done'],
          rows: reasons.map(({ state, reason, count }) => [
            state,
            { text: reason.replaceAll('_', ' '), href: listed(`state=${state}&reason=${reason}`) },
            count,
            sayWhatToDo({ state, reason })?.replace('<day>', edition.edition) ?? null,
          ]),
          empty: 'All of it left, or is still to go.',
        },
        { type: 'actions', title: 'Your hand on it', forms: listForms(edition, { left, withEdition }) },
      ],
    });
  };
}

/** Only what would change something. */
function listForms(
  { edition, hold, rejected, deferred, unknown }: EditionProgress,
  { left, withEdition }: { left: number; withEdition: number },
): ActionForm[] {
  const hidden = { edition };
  const forms: (ActionForm | false)[] = [
    hold === null && left > 0 && { action: 'edition-pause', label: 'Pause', hidden },
    hold !== null && { action: 'edition-resume', label: 'Let it go on', hidden },
    rejected + deferred > 0 && {
      action: 'edition-retry',
      label: `Try again the ${rejected + deferred} that failed`,
      hidden,
    },
    hold !== 'cancelled' &&
      withEdition > 0 && {
        action: 'edition-retry',
        label: `After all, send the ${withEdition} that were cancelled`,
        hidden: { ...hidden, reason: 'edition_cancelled' },
      },
    unknown > 0 && {
      action: 'edition-settle',
      label: `Settle ${unknown} unknown as sent`,
      hidden: { ...hidden, as: 'sent' },
      sure: 'They left: nobody gets them again.',
    },
    unknown > 0 && {
      action: 'edition-settle',
      label: `Send ${unknown} unknown again`,
      hidden: { ...hidden, as: 'not-sent' },
      sure: 'They did not leave: who has one would get it twice.',
    },
    hold !== 'cancelled' &&
      left > 0 && {
        action: 'edition-cancel',
        label: 'Cancel what is left',
        hidden,
        sure: 'What is left is not sent.',
      },
  ];
  return forms.filter((form) => form !== false);
}

function writeDuration(seconds: number): string {
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}

// /admin/topics: who follows what; and a topic that somebody writes or changes, tried on the papers that came last before it
// is stored.
import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { TopicDraft } from '../../../topics/draft.ts';
import { countFollowers } from '../../../topics/store.ts';
import type { TriedPaper, TriedTopic } from '../../../topics/try-topic.ts';
import { describeOutcome, putTopic } from '../../../topics/written/write-topic.ts';
import {
  findProblems,
  findWritten,
  listWritten,
  type WrittenTopic,
} from '../../../topics/written/written.ts';
import { sendErrorPage } from '../../http/answers/error-page.ts';
import { findTopicDraft, findTopicOfFile, listGroups, tryDraft } from '../../http/try-draft.ts';
import { record, recordAndReturn } from '../actions.ts';
import type { AdminLocals } from '../open-session.ts';
import { type ActionForm, type AdminDeps, type Section, sendAdminPage } from '../page.ts';
import { readQuery } from '../read-query.ts';

const path = '/topics/draft';
/** Of the form. */
export const draftLimit = '64kb';

export function getTopics(deps: AdminDeps): RequestHandler {
  const { db, links } = deps;
  return async (_request, response) => {
    const { session } = response.locals as AdminLocals;
    const canTry = session.admin.role === 'operator';
    const [topics, form, written, problems] = await Promise.all([
      countFollowers(db),
      draftForm(deps, { draft: emptyDraft, seen: 0 }),
      listWritten(db),
      findProblems(db),
    ]);
    const rowOf = new Map(written.map((row) => [row.id, row]));
    sendAdminPage(deps, response, {
      title: 'Topics',
      lead: 'What readers can tick, the most followed first. “Change” has a topic as a draft, to see what another phrase would find before it is stored.',
      sections: [
        ...describeProblems(problems),
        {
          type: 'table',
          columns: ['Topic', 'Name', 'Followers', 'Papers', 'From', ...(canTry ? ['As a draft'] : [])],
          rows: topics.map(({ id, name, followers, papers, retired }) => [
            { text: id, href: retired ? undefined : links.topic(id) },
            retired ? `${name} (no longer offered)` : name,
            followers,
            papers,
            describeOrigin(rowOf.get(id)),
            ...(canTry && (!retired || rowOf.has(id))
              ? [{ text: 'Change', href: links.admin(`${path}?topic=${id}`) }]
              : canTry
                ? [null]
                : []),
          ]),
          empty: 'There is no topic.',
        },
        { type: 'actions', title: 'Write a topic', forms: [form] },
      ],
    });
  };
}

/** In words that an operator can do something with. */
function describeProblems(problems: { id: string; reason: string }[]): Section[] {
  if (problems.length === 0) return [];
  const warnings = problems.map(({ id, reason }) => ({
    text: `${id}: ${reason}`,
    remedy: 'It counts as the file has it, or not at all: change it here, or take it back.',
  }));
  return [{ type: 'warnings', title: 'Written, and not in force as written', warnings }];
}

function describeOrigin(row: WrittenTopic | undefined): string {
  if (row === undefined || (row.definition === null && !row.retired)) return 'the file';
  return `${row.retired ? 'retired' : 'written'} by ${row.changedBy}`;
}

export function getDraft(deps: AdminDeps): RequestHandler {
  return async ({ query }, response) => {
    const { topic = '' } = readQuery(query, ['topic']);
    const [found, row] = await Promise.all([
      topic === '' ? emptyDraft : findTopicDraft(deps, topic),
      findWritten(deps.db, topic),
    ]);
    if (found === null) return sendErrorPage(deps, response, 404);
    const seen = row?.version ?? 0;
    // A thread reads the file: only where something else was written is there a way back to it.
    const isInFile = row?.definition != null && (await findTopicOfFile(deps, topic)) !== null;
    const forms = topic === '' ? [] : listDeeds(topic, { row, isInFile });
    sendAdminPage(deps, response, {
      title: topic === '' ? 'A new topic' : found.name,
      lead: 'It is tried on the papers that came last, and stored when you say so.',
      sections: [
        { type: 'actions', title: 'The draft', forms: [await draftForm(deps, { draft: found, seen })] },
        ...(forms.length === 0 ? [] : [{ type: 'actions' as const, title: 'In force, or not', forms }]),
      ],
    });
  };
}

function listDeeds(
  topic: string,
  { row, isInFile }: { row: WrittenTopic | null; isInFile: boolean },
): ActionForm[] {
  const hidden = { topic, seen: String(row?.version ?? 0) };
  if (row?.retired === true) return [{ action: 'topic-restore', label: 'Offer it again', hidden }];
  const retire: ActionForm = {
    action: 'topic-retire',
    label: 'Retire it',
    hidden,
    sure: 'Nobody is offered it, and no paper has it. Who follows it keeps that, for the day it comes back.',
  };
  if (!isInFile) return [retire];
  const back: ActionForm = {
    action: 'topic-take-back',
    label: 'As in the file',
    hidden,
    sure: 'What was written here is forgotten.',
  };
  return [retire, back];
}

export function postDraft(deps: AdminDeps): RequestHandler {
  return async ({ body }, response) => {
    const parsed = fields.safeParse(body);
    if (!parsed.success) return sendErrorPage(deps, response, 422);
    const { seen, ...draft } = parsed.data;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const tried = await tryDraft(deps, draft, gone.signal);
    const written = { draft, seen };
    switch (tried.type) {
      case 'refused':
        return refuse(deps, response.status(422), written, `Not tried: ${tried.reason}.`);
      case 'busy':
        return refuse(
          deps,
          response.status(429),
          written,
          'Others try theirs at this moment. Try it again soon.',
        );
      case 'too-long':
        return refuse(
          deps,
          response.status(503),
          written,
          'It took too long. Fewer phrases, or another time.',
        );
      case 'tried':
        return showTrial(deps, response, { ...written, ...tried });
    }
  };
}

/** What was tried before, on the page that told what it finds. */
export function postTopic(deps: AdminDeps): RequestHandler {
  return async ({ body }, response) => {
    const parsed = fields.safeParse(body);
    if (!parsed.success) return sendErrorPage(deps, response, 422);
    const { seen, ...draft } = parsed.data;
    const { session } = response.locals as AdminLocals;
    const by = session.admin.name;
    const outcome = await putTopic(deps, { draft, by, expected: seen });
    const result = describeOutcome(outcome);
    const entry = { action: 'topic-store', target: `topic ${draft.id.slice(0, 64)}`, result };
    if (outcome.type === 'stored' || outcome.type === 'unchanged')
      return recordAndReturn(deps, response, { ...entry, back: '/topics' });
    await record(deps, response, entry);
    return refuse(deps, response.status(outcome.type === 'conflict' ? 409 : 422), { draft, seen }, result);
  };
}

type Written = {
  draft: TopicDraft;
  /** The version that it is a change of. */
  seen: number;
};

const texts = (most: number) => z.string().max(most).default('');
const lines = texts(16_000).transform((text) =>
  text.split('\n').flatMap((line) => (line.trim() === '' ? [] : line.trim())),
);
const line = texts(2000).transform((text) => text.trim().replaceAll(/\s+/g, ' '));
const fields = z.object({
  id: line,
  name: line,
  group: line,
  description: line,
  phrases: lines,
  examples: lines,
  further: texts(16_000).transform((text) => text.replaceAll('\r', '')),
  seen: z.coerce.number().int().min(0).max(2_000_000_000).default(0),
});

const emptyDraft: TopicDraft = {
  id: '',
  name: '',
  group: '',
  description: '',
  phrases: [],
  examples: [],
  further: '',
};

async function draftForm({ db }: Pick<AdminDeps, 'db'>, { draft, seen }: Written): Promise<ActionForm> {
  const groups = (await listGroups(db)).map(({ id, name }) => ({ value: id, label: name }));
  return {
    action: { path },
    label: 'Try it on the latest papers',
    hidden: { seen: String(seen) },
    fields: [
      {
        name: 'id',
        label: 'Id',
        value: draft.id,
        required: true,
        help: 'In small letters, digits and hyphens. That of a topic there is stands in its place.',
      },
      { name: 'name', label: 'Name', value: draft.name, required: true },
      ...(groups.length === 0
        ? []
        : [
            {
              name: 'group',
              label: 'Group',
              value: draft.group,
              options: [{ value: '', label: 'none' }, ...groups],
            },
          ]),
      {
        name: 'description',
        label: 'Description',
        value: draft.description,
        lines: 3,
        required: true,
        help: 'A sentence or two: readers choose by it, and papers are compared with it.',
      },
      {
        name: 'phrases',
        label: 'Phrases',
        value: draft.phrases.join('\n'),
        lines: 8,
        help: 'One a line, some fifteen, each of which says nearly alone what a paper is about.',
      },
      {
        name: 'examples',
        label: 'Titles that its papers could have',
        value: draft.examples.join('\n'),
        lines: 4,
        help: 'One a line.',
      },
      {
        name: 'further',
        label: 'Further lines, as in the file',
        value: draft.further,
        lines: 4,
        help: 'Such as “hints:” and below it “  - wind”; most topics need none.',
      },
    ],
  };
}

async function refuse(deps: AdminDeps, response: Response, written: Written, why: string): Promise<void> {
  sendAdminPage(deps, response, {
    title: 'A draft of a topic',
    lead: why,
    sections: [{ type: 'actions', title: 'The draft', forms: [await draftForm(deps, written)] }],
  });
}

async function showTrial(
  deps: AdminDeps,
  response: Response,
  { draft, seen, yaml, trial }: Written & { yaml: string; trial: TriedTopic },
): Promise<void> {
  const { papers, found, missed, unused } = trial;
  const unusedPart: Section[] =
    unused.length === 0
      ? []
      : [
          {
            type: 'table',
            title: 'No paper has',
            columns: ['Phrase'],
            rows: unused.map((phrase) => [phrase]),
            empty: '',
          },
        ];
  sendAdminPage(deps, response, {
    title: `${draft.name} finds ${found.length} of ${papers} papers`,
    lead: draft.description,
    sections: [
      {
        type: 'table',
        title: 'Found',
        columns: ['Title', 'Words (of 1)', 'Nearness', 'Because of'],
        rows: found.map(viewPaper),
        empty: 'No paper is found.',
      },
      {
        type: 'table',
        title: 'Narrowly missed',
        columns: ['Title', 'Words (of 1)', 'Nearness', 'Because of', 'Why not'],
        rows: missed.map((paper) => [...viewPaper(paper), paper.why]),
        empty: 'No paper is narrowly missed.',
      },
      ...unusedPart,
      { type: 'actions', title: 'Store it', forms: [storeForm({ draft, seen })] },
      { type: 'actions', title: 'Change it', forms: [await draftForm(deps, { draft, seen })] },
      { type: 'text', title: 'For the topics file', help: describePlace(deps), text: yaml },
    ],
  });
}

/** Words: of what is enough near the topic. Nearness: in standard deviations. */
function viewPaper({ title, share, nearness, because }: TriedPaper) {
  return [title, share, nearness, because.join(', ')];
}

/** Word for word what was tried. */
function storeForm({ draft, seen }: Written): ActionForm {
  const { phrases, examples, ...texts } = draft;
  return {
    action: { path: '/topics/store' },
    label: 'Store it',
    hidden: {
      ...texts,
      phrases: phrases.join('\n'),
      examples: examples.join('\n'),
      seen: String(seen),
    },
  };
}

function describePlace({ config: { topicsFile } }: Pick<AdminDeps, 'config'>): string {
  const file =
    topicsFile === null || topicsFile === undefined
      ? 'a copy of seeds/topics.yaml that TOPICS_FILE names'
      : `${topicsFile}, the file that TOPICS_FILE names`;
  return `What is stored here counts before the file. To keep it there instead, put this among the topics of ${file}, in place of one with the same id, and start the service again on every machine.`;
}

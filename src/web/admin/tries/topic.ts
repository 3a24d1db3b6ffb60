// /admin/topics: who follows what; and a topic that somebody writes, tried on the papers that came last before it is put into
// the topics file. Nothing of it is stored here.
import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { TopicDraft } from '../../../topics/draft.ts';
import { countFollowers } from '../../../topics/store.ts';
import type { TriedPaper, TriedTopic } from '../../../topics/try-topic.ts';
import { sendErrorPage } from '../../http/answers/error-page.ts';
import { findTopicDraft, listGroups, tryDraft } from '../../http/try-draft.ts';
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
    const [topics, form] = await Promise.all([countFollowers(db), draftForm(deps, emptyDraft)]);
    sendAdminPage(deps, response, {
      title: 'Topics',
      lead: 'What readers can tick, the most followed first. “Try” has a topic as a draft, to see what another phrase would find.',
      sections: [
        {
          type: 'table',
          columns: ['Topic', 'Name', 'Followers', 'Papers', ...(canTry ? ['As a draft'] : [])],
          rows: topics.map(({ id, name, followers, papers, retired }) => [
            { text: id, href: retired ? undefined : links.topic(id) },
            retired ? `${name} (no longer offered)` : name,
            followers,
            papers,
            ...(canTry ? [retired ? null : { text: 'Try', href: links.admin(`${path}?topic=${id}`) }] : []),
          ]),
          empty: 'There is no topic.',
        },
        { type: 'actions', title: 'Try a draft', forms: [form] },
      ],
    });
  };
}

export function getDraft(deps: AdminDeps): RequestHandler {
  return async ({ query }, response) => {
    const { topic = '' } = readQuery(query, ['topic']);
    const found = topic === '' ? emptyDraft : await findTopicDraft(deps, topic);
    if (found === null) return sendErrorPage(deps, response, 404);
    sendAdminPage(deps, response, {
      title: topic === '' ? 'A new topic' : `A draft of ${found.name}`,
      lead: 'It is tried on the papers that came last. Nothing is stored.',
      sections: [{ type: 'actions', title: 'The draft', forms: [await draftForm(deps, found)] }],
    });
  };
}

export function postDraft(deps: AdminDeps): RequestHandler {
  return async ({ body }, response) => {
    const parsed = fields.safeParse(body);
    if (!parsed.success) return sendErrorPage(deps, response, 422);
    const draft = parsed.data;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const tried = await tryDraft(deps, draft, gone.signal);
    switch (tried.type) {
      case 'refused':
        return refuse(deps, response.status(422), draft, `Not tried: ${tried.reason}.`);
      case 'busy':
        return refuse(
          deps,
          response.status(429),
          draft,
          'Others try theirs at this moment. Try it again soon.',
        );
      case 'too-long':
        return refuse(deps, response.status(503), draft, 'It took too long. Fewer phrases, or another time.');
      case 'tried':
        return showTrial(deps, response, { draft, ...tried });
    }
  };
}

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

async function draftForm({ db }: Pick<AdminDeps, 'db'>, draft: TopicDraft): Promise<ActionForm> {
  const groups = (await listGroups(db)).map(({ id, name }) => ({ value: id, label: name }));
  return {
    action: { path },
    label: 'Try it on the latest papers',
    hidden: {},
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

async function refuse(deps: AdminDeps, response: Response, draft: TopicDraft, why: string): Promise<void> {
  sendAdminPage(deps, response, {
    title: 'A draft of a topic',
    lead: why,
    sections: [{ type: 'actions', title: 'The draft', forms: [await draftForm(deps, draft)] }],
  });
}

async function showTrial(
  deps: AdminDeps,
  response: Response,
  { draft, yaml, trial }: { draft: TopicDraft; yaml: string; trial: TriedTopic },
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
      { type: 'text', title: 'For the topics file', help: describePlace(deps), text: yaml },
      { type: 'actions', title: 'Change it', forms: [await draftForm(deps, draft)] },
    ],
  });
}

/** Words: of what is enough near the topic. Nearness: in standard deviations. */
function viewPaper({ title, share, nearness, because }: TriedPaper) {
  return [title, share, nearness, because.join(', ')];
}

function describePlace({ config: { topicsFile } }: Pick<AdminDeps, 'config'>): string {
  const file =
    topicsFile === null || topicsFile === undefined
      ? 'TOPICS_FILE is not set: copy seeds/topics.yaml, name the copy in TOPICS_FILE, and put this'
      : `Put this into ${topicsFile}, the file that TOPICS_FILE names,`;
  return `Nothing was stored: topics come from the file alone. ${file} among its topics, in place of one with the same id. Start the service again on every machine; then all stored papers are looked at for it.`;
}

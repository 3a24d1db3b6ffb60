// What is done to a topic by a button. One that is written or changed comes from its own page: tries/topic.ts.
import { z } from 'zod';
import {
  type Change,
  describeOutcome,
  restoreTopic,
  retireTopic,
  type TopicOutcome,
  takeBackTopic,
} from '../../topics/written/write-topic.ts';
import { findTopicOfFile } from '../http/try-draft.ts';
import { type Action, defineAction, sure } from './define-action.ts';
import type { AdminDeps } from './page.ts';

const seen = z.coerce.number().int().min(0).max(2_000_000_000);
const topic = z.object({ topic: z.string().regex(/^[a-z0-9-]{1,64}$/), seen });

type Deed = (deps: AdminDeps, change: Change) => Promise<TopicOutcome>;

function defineDeed<Shape extends typeof topic>(shape: Shape, deed: Deed): Action {
  return defineAction(shape, async (deps, form, by) => {
    const { topic: id, seen } = topic.parse(form);
    const outcome = await deed(deps, { id, by, expected: seen });
    return { target: `topic ${id}`, result: describeOutcome(outcome) };
  });
}

export const topicActions: Readonly<Record<string, Action>> = {
  'topic-retire': defineDeed(topic.extend({ sure }), retireTopic),
  'topic-restore': defineDeed(topic, async (deps, change) =>
    restoreTopic(deps, { ...change, ofFile: await findTopicOfFile(deps, change.id) }),
  ),
  'topic-take-back': defineDeed(topic.extend({ sure }), async (deps, change) =>
    takeBackTopic(deps, { ...change, ofFile: await findTopicOfFile(deps, change.id) }),
  ),
};

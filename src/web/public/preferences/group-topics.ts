// Topics as pages show them: group by group.
import type { Words } from '../../../languages/words.ts';

type Grouped = { group: { id: string; name: string } | null };

/** `name` is null where there are no groups at all. */
export type TopicsOfGroup<Topic> = { id: string; name: string | null; topics: Topic[] };

/** In the order of the topics; those without a group stand under a heading of their own, where others have one. */
export function groupTopics<Topic extends Grouped>(
  topics: readonly Topic[],
  { t }: Pick<Words, 't'>,
): TopicsOfGroup<Topic>[] {
  const groups = new Map<string, TopicsOfGroup<Topic>>();
  const areGrouped = topics.some(({ group }) => group !== null);
  for (const topic of topics) {
    const { id, name } = topic.group ?? { id: '', name: areGrouped ? t('topics.others') : null };
    const known = groups.get(id);
    if (known === undefined) groups.set(id, { id, name, topics: [topic] });
    else known.topics.push(topic);
  }
  return [...groups.values()];
}

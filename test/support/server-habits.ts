// Habits of mail servers people really have, for the SMTP catcher: each is a script, with what it counted.
import type { Mishap, Script } from './smtp-catcher.ts';

const reply = (line: string): Mishap => ({ type: 'reply', line });

/** One that takes so many connections at a time and turns further ones away: with `line`, or without a word. */
export function takesConnections(
  most: number,
  { line, at = 'greeting' }: { line: string | null; at?: 'greeting' | 'EHLO' | 'MAIL' },
) {
  const habit = { open: 0, refused: 0, most };
  const taken = new Set<number>();
  const script: Script = (stage, { connection }) => {
    if (stage === 'closed') {
      if (taken.delete(connection)) habit.open -= 1;
      return null;
    }
    if (stage !== at || taken.has(connection)) return null;
    if (habit.open >= habit.most) {
      habit.refused += 1;
      return line === null ? { type: 'hang-up' } : reply(line);
    }
    taken.add(connection);
    habit.open += 1;
    return null;
  };
  return { habit, script };
}

/** One that takes so many mails over a connection, and says so where it is asked for one more. */
export function takesMailsPerSession(
  most: number,
  { line, at = 'MAIL' }: { line: string; at?: 'MAIL' | 'RCPT' },
) {
  const habit = { sessions: 0, refused: 0 };
  const script: Script = (stage, { before }) => {
    if (stage === 'greeting') habit.sessions += 1;
    if (stage !== at || before < most) return null;
    habit.refused += 1;
    return reply(line);
  };
  return { habit, script };
}

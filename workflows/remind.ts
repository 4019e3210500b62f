/** Waiting for a person, with reminders. */
import { condition } from '@temporalio/workflow';

/** Each reminder is a few events of history; whoever has not come after so many is not reminded further. */
const MOST_REMINDERS = 100;

/** Until `done`; every so many seconds (null: never) `remind` is told how often that makes. */
export async function untilOr(done: () => boolean, seconds: number | null, remind: (times: number) => void): Promise<void> {
  for (let times = 1; seconds !== null && times <= MOST_REMINDERS; times++) {
    if (await condition(done, seconds * 1000, { summary: 'until the next reminder' })) return;
    remind(times);
  }
  await condition(done);
}

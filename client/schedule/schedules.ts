/** Schedules of sweeps: one a study, under an id that follows from the study's. */
import { ScheduleAlreadyRunning, ScheduleNotFoundError, type Client, type ScheduleDescription, type ScheduleHandle } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { SulcusError } from '../../contracts/errors.js';
import { CONTROL_QUEUE } from '../../contracts/queues.js';
import { SWEEP_WORKFLOW, type SweepInput, type SweepOutput } from '../../contracts/sweep.js';

const SUFFIX = '-sweep';
const scheduleIdOf = (study: string): string => `${study}${SUFFIX}`;

/** A server that was down when a sweep was due makes up for it within this time; later the sweep is missed, and counted. */
const CATCHUP = '1h';

export interface Timing {
  everySeconds: number;
  /** After midnight UTC; 0 unless a time of day is asked for. */
  offsetSeconds: number;
}

/** Creates the schedule of a study, or gives it other settings. Throws SCHEDULE_EXISTS when it is of another study file. */
export async function createSchedule(client: Client, input: SweepInput, timing: Timing): Promise<{ handle: ScheduleHandle; changed: boolean }> {
  const scheduleId = scheduleIdOf(input.study);
  const options = {
    spec: { intervals: [{ every: timing.everySeconds * 1000, offset: timing.offsetSeconds * 1000 }] },
    action: {
      type: 'startWorkflow' as const, workflowType: SWEEP_WORKFLOW, workflowId: scheduleId, taskQueue: CONTROL_QUEUE, args: [input] as [SweepInput],
      staticSummary: `${input.study} · sweep`, typedSearchAttributes: [{ key: defineSearchAttributeKey('SulcusStudy', SearchAttributeType.KEYWORD), value: input.study }],
    },
    policies: { overlap: 'SKIP' as const, catchupWindow: CATCHUP, pauseOnFailure: false },
  };
  try {
    return { handle: await client.schedule.create<(input: SweepInput) => Promise<SweepOutput>>({ scheduleId, ...options }), changed: false };
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  const handle = client.schedule.getHandle(scheduleId), present = inputOf(await handle.describe());
  if (present.file !== input.file) throw new SulcusError('SCHEDULE_EXISTS', `schedule ${scheduleId} is of ${present.file}`, { remedy: `delete it first: sulcus schedule delete ${input.study}` });
  await handle.update<(input: SweepInput) => Promise<SweepOutput>>((previous) => ({ ...options, state: { paused: previous.state.paused, ...(previous.state.note === undefined ? {} : { note: previous.state.note }) } }));
  return { handle, changed: true };
}

export function inputOf({ scheduleId, action }: ScheduleDescription): SweepInput {
  const [input] = (action.args ?? []) as SweepInput[];
  if (input === undefined) throw new SulcusError('NO_SCHEDULE', `${scheduleId} is no schedule of a study`);
  return input;
}

/** The schedule that a person means: by the name of the study or its own; the only one when nothing is named. Throws NO_SCHEDULE. */
export async function findSchedule(client: Client, name: string | undefined): Promise<{ handle: ScheduleHandle; description: ScheduleDescription }> {
  const all = await listIds(client);
  if (name === undefined && all.length !== 1) {
    throw new SulcusError('NO_SCHEDULE', all.length === 0 ? 'there is no schedule here' : `which of ${all.length} schedules is meant?`, { remedy: all.length === 0 ? 'create one: sulcus schedule create STUDY.yaml --every 24h' : `name one: ${all.join(', ')}` });
  }
  for (const id of name === undefined ? all : [scheduleIdOf(name), name]) {
    const handle = client.schedule.getHandle(id);
    try {
      const description = await handle.describe();
      if (description.action.workflowType === SWEEP_WORKFLOW) return { handle, description };
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }
  throw new SulcusError('NO_SCHEDULE', `there is no schedule of ${name} here`, { remedy: all.length === 0 ? 'create one: sulcus schedule create STUDY.yaml --every 24h' : `there are: ${all.join(', ')}` });
}

/** Ids of all schedules of sweeps. The server's list is a moment behind what was just created. */
export async function listIds(client: Client): Promise<string[]> {
  const ids: string[] = [];
  for await (const { scheduleId, action } of client.schedule.list()) if (action?.workflowType === SWEEP_WORKFLOW) ids.push(scheduleId);
  return ids.sort();
}

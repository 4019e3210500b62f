/** What the Temporal server holds: snapshots of histories before each fault, and what became of them. */
import { Client, Connection } from '@temporalio/client';

/** `WORKFLOW_EXECUTION_STATUS_COMPLETED`. */
const COMPLETED = 2;

/** Events of every workflow, by workflow id and run id. */
async function histories(client) {
  const all = new Map();
  // As the server has them: the client's own list would want to decrypt the memos.
  const { executions } = await client.workflowService.listWorkflowExecutions({ namespace: client.options.namespace, pageSize: 1000 });
  for (const { execution: { workflowId, runId }, status } of executions) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    all.set(`${workflowId} ${runId}`, { workflowId, runId, completed: status === COMPLETED, events: events ?? [] });
  }
  return all;
}

/** Keys sorted: the server sends maps in any order. */
const sorted = (_key, value) => (value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value);
const inWords = (event) => JSON.stringify(event.toJSON(), sorted);
const seconds = (event) => Number(event.eventTime.seconds) + event.eventTime.nanos / 1e9;
/** Attributes of an event of this kind, else undefined. */
const of = (event, kind) => event[`${kind}EventAttributes`] ?? undefined;
/** A workflow task under way when the picture was taken may be shown without being recorded: it is left out. */
const isWorkflowTask = (event) => of(event, 'workflowTaskScheduled') !== undefined || of(event, 'workflowTaskStarted') !== undefined;

/** Takes pictures of all histories, and compares them with what is there at the end. */
export class Witness {
  #pictures = [];

  static async open({ address, namespace }) {
    const witness = new Witness();
    witness.connection = await Connection.connect({ address });
    witness.client = new Client({ connection: witness.connection, namespace });
    return witness;
  }

  /** Remembers every event there is. @returns how many */
  async look() {
    const picture = new Map();
    for (const [id, { events }] of await histories(this.client)) {
      const kept = [...events];
      while (kept.length > 0 && isWorkflowTask(kept[kept.length - 1])) kept.pop();
      picture.set(id, kept.map(inWords));
    }
    this.#pictures.push(picture);
    return [...picture.values()].reduce((sum, events) => sum + events.length, 0);
  }

  /** A payload as the server has it: the input of some workflow. */
  async payload() {
    for (const { events } of (await histories(this.client)).values()) {
      const payload = of(events[0], 'workflowExecutionStarted')?.input?.payloads?.[0];
      if (payload) return payload;
    }
    return null;
  }

  /** Activities that wait in a queue, as an autoscaler counts them. */
  async backlog(queue) {
    const { stats } = await this.client.workflowService.describeTaskQueue({ namespace: this.client.options.namespace, taskQueue: { name: queue }, taskQueueType: 2, reportStats: true });
    return Number(stats?.approximateBacklogCount ?? 0);
  }

  /** Activities completed in all workflows so far. */
  async completed() {
    let count = 0;
    for (const { events } of (await histories(this.client)).values()) count += events.filter((event) => of(event, 'activityTaskCompleted')).length;
    return count;
  }

  /** What the histories say at the end. Times are seconds since 1970. */
  async conclude() {
    const all = await histories(this.client);
    let lost = 0, remembered = 0, changed = null;
    for (const picture of this.#pictures) for (const [id, events] of picture) {
      const now = all.get(id)?.events.map(inWords) ?? [];
      remembered += events.length;
      events.forEach((event, i) => {
        if (event === now[i]) return;
        lost++;
        changed ??= `event ${i + 1} of ${id} (${JSON.parse(event).eventType}${now[i] === undefined ? ' is gone' : ` is another, ${JSON.parse(now[i]).eventType}`})`;
      });
    }
    const problems = [], marks = [];
    let again = 0, activities = 0, total = 0;
    for (const { workflowId, completed: done, events } of all.values()) {
      if (!done) problems.push(`${workflowId} is not completed`);
      total += events.length;
      const ended = new Map();
      events.forEach((event, i) => {
        if (Number(event.eventId) !== i + 1) problems.push(`${workflowId}: event ${i + 1} is missing`);
        const started = of(event, 'activityTaskStarted'), completed = of(event, 'activityTaskCompleted'), task = of(event, 'workflowTaskCompleted');
        if (started && started.attempt > 1) again++;
        if (completed) ended.set(Number(completed.scheduledEventId), (ended.get(Number(completed.scheduledEventId)) ?? 0) + 1);
        if (completed || task) marks.push({ at: seconds(event), identity: (completed ?? task).identity });
      });
      for (const event of events.filter((e) => of(e, 'activityTaskScheduled'))) {
        activities++;
        if (ended.get(Number(event.eventId)) !== 1) problems.push(`${workflowId}: the activity of event ${event.eventId} was completed ${ended.get(Number(event.eventId)) ?? 0} times`);
      }
    }
    const ids = [...all.values()].map((w) => w.workflowId);
    if (new Set(ids).size !== ids.length) problems.push('a workflow ran more than once');
    return { workflows: ids.length, events: total, activities, again, pictures: this.#pictures.length, remembered, lost, changed, problems, marks: marks.sort((a, b) => a.at - b.at) };
  }

  close() {
    return this.connection.close();
  }
}

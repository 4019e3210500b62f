/** Cores and memory for programs: who gets them when, and when another step is asked for. */
import { describe, expect, it } from 'vitest';
import { readWorkerOptions } from '../../../workers/args.js';
import { ToolSlots } from '../../../workers/slots.js';
import { ToolsIntake } from '../../../workers/tools-intake.js';

const never = new AbortController().signal;
/** Lets everything that may go on do so. */
const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

describe('slots', () => {
  it('are given in the order of asking: a large step is not passed by small ones', async () => {
    const slots = new ToolSlots({ cores: 4, memory: 1000 }), order: string[] = [];
    const take = async (name: string, threads: number, memory = 10): Promise<() => void> => { const back = await slots.take({ threads, memory }, never); order.push(name); return back; };
    const first = await take('first', 3), large = take('large', 4), small = take('small', 1);
    await settle();
    expect([order, slots.standing()]).toEqual([['first'], { held: 1, waiting: 2, free: { cores: 1, memory: 990 } }]);
    first();
    first(); // once
    (await large)();
    (await small)();
    expect([order, slots.standing()]).toEqual([['first', 'large', 'small'], { held: 0, waiting: 0, free: { cores: 4, memory: 1000 } }]);
  });

  it('wait for memory as for cores; who leaves makes room for the next', async () => {
    const slots = new ToolSlots({ cores: 4, memory: 1000 }), leaving = new AbortController();
    const first = await slots.take({ threads: 1, memory: 600 }, never);
    const large = slots.take({ threads: 1, memory: 500 }, leaving.signal), small = slots.take({ threads: 1, memory: 300 }, never);
    leaving.abort(new Error('cancelled'));
    await expect(large).rejects.toThrow('cancelled');
    (await small)();
    first();
    await expect(slots.take({ threads: 1, memory: 1 }, leaving.signal)).rejects.toThrow('cancelled');
    expect(slots.standing()).toEqual({ held: 0, waiting: 0, free: { cores: 4, memory: 1000 } });
  });

  it('more threads than there are cores take them all; more memory than there is is refused at once', async () => {
    const slots = new ToolSlots({ cores: 2, memory: 1000 }), back = await slots.take({ threads: 8, memory: 1000 }, never);
    expect(slots.standing().free).toEqual({ cores: 0, memory: 0 });
    back();
    await expect(slots.take({ threads: 1, memory: 1001 }, never)).rejects.toMatchObject({ code: 'TOO_LITTLE_MEMORY', remedy: expect.stringContaining('--tool-memory') as string });
  });
});

describe('the intake of steps', () => {
  it('asks for no step while one that has come waits for room, or every core is taken', async () => {
    const slots = new ToolSlots({ cores: 2, memory: 1000 }), intake = new ToolsIntake(slots);
    let given = 0;
    const ask = (signal = never): Promise<unknown> => intake.reserveSlot({}, signal).then((permit) => { given++; return permit; });
    await ask(); // the first step
    const one = await slots.take({ threads: 1, memory: 800 }, never);
    await ask(); // the second, which has to wait for memory
    const two = slots.take({ threads: 1, memory: 800 }, never), leaving = new AbortController(), third = ask(leaving.signal);
    await settle();
    expect([given, intake.tryReserveSlot()]).toEqual([2, null]);
    one();
    intake.releaseSlot();
    (await two)();
    await third;
    expect(given).toBe(3);
    intake.releaseSlot();
    const fourth = ask(), fifth = ask(leaving.signal); // as many as there are cores may be at their inputs at a time
    await fourth;
    leaving.abort(new Error('the worker leaves'));
    await expect(fifth).rejects.toThrow('the worker leaves');
    expect(given).toBe(4);
  });
});

describe('what a worker may give to programs', () => {
  const tools = (args: string[], env: NodeJS.ProcessEnv = {}): unknown => readWorkerOptions(['--store', 'store', ...args], env).tools;

  it('is said by options or variables, and otherwise most of the machine', () => {
    expect(tools(['--role', 'tools', '--tool-cores', '3', '--tool-memory', '1.5'])).toEqual({ cores: 3, memory: 1536 });
    expect(tools(['--tool-cores', '3'], { SULCUS_TOOL_CORES: '5', SULCUS_TOOL_MEMORY: '2' })).toEqual({ cores: 3, memory: 2048 });
    const { cores, memory } = tools([]) as { cores: number; memory: number };
    expect([cores >= 1, memory >= 64]).toEqual([true, true]);
  });

  it.each([[['--tool-cores', '0'], 'BAD_TOOL_CORES'], [['--tool-memory', '8GB'], 'BAD_TOOL_MEMORY'], [['--tool-memory', '0'], 'BAD_TOOL_MEMORY'], [['--role', 'tool'], 'BAD_ROLE']])('%j is refused', (args, code) => {
    expect(() => tools(args)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

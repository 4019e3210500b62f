/**
 * Loaded into a worker before everything else: when the file named by FAULT_TRIGGER appears, it is removed and its text done once, in the main thread.
 * `block MS` blocks the event loop; `clock MS` shifts this process' clock from then on, forward or back.
 */
import { readFileSync, rmSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const trigger = process.env.FAULT_TRIGGER;
if (isMainThread && trigger !== undefined) {
  setInterval(() => {
    let text;
    try { text = readFileSync(trigger, 'utf8'); } catch { return; } // not yet
    rmSync(trigger);
    const [what, ms] = text.trim().split(' ');
    if (what === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms));
    if (what === 'clock') shift(Number(ms));
  }, 50).unref();
}

function shift(ms) {
  const now = Date.now.bind(Date), Real = Date;
  globalThis.Date = class extends Real {
    constructor(...args) { super(...(args.length === 0 ? [now() + ms] : args)); }
    static now() { return now() + ms; }
  };
}

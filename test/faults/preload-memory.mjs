/**
 * Loaded into a worker before everything else, and by Node into its threads: memory that is not to be had.
 * FAULT_GROW_LIMIT: the kernel's memory cannot grow beyond so many bytes. FAULT_HEAP_ONCE: a file; the thread that finds it removes it and fills its heap.
 */
import { rmSync, readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const limit = Number(process.env.FAULT_GROW_LIMIT ?? Infinity), once = process.env.FAULT_HEAP_ONCE;
if (!isMainThread) {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function limited(pages) {
    if (this.buffer.byteLength + pages * 65536 > limit) throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory');
    if (once !== undefined && taken(once)) fill();
    return grow.call(this, pages);
  };
}

function taken(file) {
  try { readFileSync(file); rmSync(file); return true; } catch { return false; } // another thread had it, or it is not there
}

function fill() {
  for (const kept = []; ; ) kept.push(Array.from({ length: 1e5 }, (_, i) => ({ i })));
}

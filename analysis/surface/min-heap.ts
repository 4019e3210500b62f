/** A binary heap of items by ascending key. An item may be pushed again with a smaller key; the caller skips what it has seen. */
export class MinHeap {
  private readonly items: number[] = [];
  private readonly keys: number[] = [];

  push(item: number, key: number): void {
    let at = this.items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.keys[parent]! <= key) break;
      this.items[at] = this.items[parent]!;
      this.keys[at] = this.keys[parent]!;
      at = parent;
    }
    this.items[at] = item;
    this.keys[at] = key;
  }

  /** The item with the smallest key; -1 when there is none. */
  pop(): number {
    const first = this.items[0], item = this.items.pop(), key = this.keys.pop();
    if (first === undefined || item === undefined || key === undefined) return -1;
    const size = this.items.length;
    if (size === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.keys[child + 1]! < this.keys[child]!) child++;
      if (this.keys[child]! >= key) break;
      this.items[at] = this.items[child]!;
      this.keys[at] = this.keys[child]!;
      at = child;
    }
    this.items[at] = item;
    this.keys[at] = key;
    return first;
  }
}

/** The part of the WebAssembly interface used here; @types/node does not declare it and lib.dom would bring the browser along. */
declare namespace WebAssembly {
  class Module { constructor(bytes: Uint8Array); }
  class Memory { constructor(descriptor: { initial: number; maximum: number; shared: boolean }); readonly buffer: SharedArrayBuffer; grow(pages: number): number; }
  class Instance { constructor(module: Module, imports: { env: { memory: Memory } }); readonly exports: Record<string, unknown>; }
}

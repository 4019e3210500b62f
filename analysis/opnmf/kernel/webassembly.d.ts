/** The part of the WebAssembly interface used here; @types/node does not declare it and lib.dom would bring the browser along. */
declare namespace WebAssembly {
  class Module { constructor(bytes: Uint8Array); }
  class Memory { constructor(descriptor: { initial: number }); readonly buffer: ArrayBuffer; }
  class Instance { constructor(module: Module, imports: { env: { memory: Memory } }); readonly exports: Record<string, unknown>; }
}

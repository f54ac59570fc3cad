/**
 * Opcodes of every function body of a module, in order. Throws at any that WebAssembly 1.0 does not know (sign
 * extension 0xc0..0xc4, the prefixes 0xfc bulk memory and saturating conversion, 0xfd SIMD, 0xfe threads).
 * Origin: WebAssembly Core Specification 1.0, chapter 5 (binary format).
 */
export function opcodesOf(module: Uint8Array): number[] {
  const reader = { bytes: module, at: 8 };
  const found: number[] = [];
  while (reader.at < module.length) {
    const id = module[reader.at++];
    const end = leb(reader) + reader.at;
    if (id === 10) for (let bodies = leb(reader); bodies > 0; bodies--) readBody(reader, found);
    reader.at = end;
  }
  return found;
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function readBody(reader: Reader, found: number[]): void {
  const end = leb(reader) + reader.at;
  for (let groups = leb(reader); groups > 0; groups--) {
    leb(reader);
    reader.at++; // the type of these locals
  }
  while (reader.at < end) {
    const opcode = reader.bytes[reader.at++]!;
    found.push(opcode);
    skipImmediates(reader, opcode);
  }
  if (reader.at !== end) throw new Error("a function body does not end where its size says");
}

/** How many LEB128 numbers follow an opcode; those with other immediates are treated one by one. */
function skipImmediates(reader: Reader, opcode: number): void {
  if (opcode >= 0x02 && opcode <= 0x04)
    reader.at++; // block, loop, if: a type
  else if (opcode === 0x0c || opcode === 0x0d || opcode === 0x10)
    leb(reader); // br, br_if, call
  else if (opcode === 0x0e)
    for (let labels = leb(reader) + 1; labels > 0; labels--) leb(reader); // br_table
  else if (opcode === 0x11 || (opcode >= 0x28 && opcode <= 0x3e))
    leb(reader, 2); // call_indirect, loads and stores
  else if (opcode >= 0x20 && opcode <= 0x24)
    leb(reader); // locals and globals
  else if (opcode === 0x3f || opcode === 0x40)
    reader.at++; // memory.size, memory.grow
  else if (opcode === 0x41 || opcode === 0x42)
    leb(reader); // i32.const, i64.const
  else if (opcode === 0x43) reader.at += 4;
  else if (opcode === 0x44) reader.at += 8;
  else if (!isPlain(opcode)) throw new Error(`opcode 0x${opcode.toString(16)} is not of WebAssembly 1.0`);
}

/** unreachable, nop, else, end, return, drop, select and all arithmetic. */
function isPlain(opcode: number): boolean {
  return [0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b].includes(opcode) || (opcode >= 0x45 && opcode <= 0xbf);
}

/** The value of the last of `count` unsigned LEB128 numbers (of signed ones only the length is right). */
function leb(reader: Reader, count = 1): number {
  let value = 0;
  for (; count > 0; count--) {
    value = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = reader.bytes[reader.at++]!;
      value += (byte & 127) * 2 ** shift;
      more = byte > 127;
    }
  }
  return value;
}

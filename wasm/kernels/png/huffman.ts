/**
 * Canonical Huffman codes of limited length (RFC 1951 section 3.2.2) for the deflater. Frequencies are u32, below 2^22.
 */

const MOST_SYMBOLS: u32 = 288;
/** Symbols in use, by frequency: frequency << 9 | symbol; then the tree. */
const KEYS: usize = memory.data(MOST_SYMBOLS * 4, 16);
const TREE: usize = memory.data(MOST_SYMBOLS * 4, 16);
/** Codes of each length 0..15, and the next code of each. */
const COUNTS: usize = memory.data(16 * 4, 16);
const NEXT: usize = memory.data(16 * 4, 16);

/**
 * From frequencies at `frequencies` (u32 each) makes code lengths at `lengths` (u8 each) and at `codes` u32 entries, length
 * << 16 | code with its first bit lowest. Fewer than two symbols in use become two, so that the code is complete.
 */
export function makeCode(frequencies: usize, symbols: u32, most: u32, lengths: usize, codes: usize): void {
  memory.fill(lengths, 0, symbols);
  let used: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const frequency = load<u32>(frequencies + (symbol << 2));
    if (frequency > 0) store<u32>(KEYS + (used++ << 2), (frequency << 9) | symbol);
  }
  if (used < 2) {
    const given: u32 = used == 0 ? 0 : load<u32>(KEYS) & 511;
    store<u8>(lengths + given, 1);
    store<u8>(lengths + (given == 0 ? 1 : 0), 1);
  } else {
    sort(used);
    countLengths(used, most);
    assignLengths(used, lengths);
  }
  assignCodes(symbols, lengths, codes);
}

/** Ascending; keys are unique, so the result does not depend on the method (Shell sort, gaps of Ciura 2001). */
function sort(count: u32): void {
  let gap: u32 = 132;
  while (gap > 0) {
    for (let i = gap; i < count; i++) {
      const key = load<u32>(KEYS + (i << 2));
      let at = i;
      while (at >= gap && load<u32>(KEYS + ((at - gap) << 2)) > key) {
        store<u32>(KEYS + (at << 2), load<u32>(KEYS + ((at - gap) << 2)));
        at -= gap;
      }
      store<u32>(KEYS + (at << 2), key);
    }
    gap = gap == 132 ? 57 : gap == 57 ? 23 : gap == 23 ? 10 : gap == 10 ? 4 : gap == 4 ? 1 : 0;
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function tree(index: u32): u32 {
  return load<u32>(TREE + (index << 2));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function setTree(index: u32, value: u32): void {
  store<u32>(TREE + (index << 2), value);
}

/** How many codes have each length: in place, after Moffat and Katajainen 1995; then cut to `most` bits. */
function countLengths(count: u32, most: u32): void {
  for (let i: u32 = 0; i < count; i++) setTree(i, load<u32>(KEYS + (i << 2)) >> 9);
  // Parents: weights of inner nodes take the place of leaves that are used up
  let root: u32 = 0;
  let leaf: u32 = 0;
  for (let next: u32 = 0; next < count - 1; next++) {
    let weight: u32 = 0;
    for (let child = 0; child < 2; child++) {
      if (leaf >= count || (root < next && tree(root) < tree(leaf))) {
        weight += tree(root);
        setTree(root++, next);
      } else weight += tree(leaf++);
    }
    setTree(next, weight);
  }
  memory.fill(COUNTS, 0, 16 * 4);
  // Depths of inner nodes from the root down; each level has twice as many places as the one above has inner nodes
  setTree(count - 2, 0);
  for (let next: i32 = <i32>count - 3; next >= 0; next--) setTree(next, tree(tree(next)) + 1);
  let node: i32 = <i32>count - 2;
  let places: u32 = 1;
  for (let depth: u32 = 0; places > 0; depth++) {
    let inner: u32 = 0;
    while (node >= 0 && tree(node) == depth) {
      inner++;
      node--;
    }
    const at = COUNTS + (min(depth, most) << 2);
    store<u32>(at, load<u32>(at) + places - inner);
    places = inner << 1;
  }
  shorten(most);
}

/** Codes that were cut take more room than there is: others are made a bit longer until all fit (as in zlib's gen_bitlen). */
function shorten(most: u32): void {
  let room: u32 = 0;
  for (let length: u32 = 1; length <= most; length++) room += load<u32>(COUNTS + (length << 2)) << (most - length);
  for (; room > 1 << most; room--) {
    let length = most - 1;
    while (load<u32>(COUNTS + (length << 2)) == 0) length--;
    add(length, -1);
    add(length + 1, 2);
    add(most, -1);
  }
}

function add(length: u32, change: i32): void {
  const at = COUNTS + (length << 2);
  store<u32>(at, load<u32>(at) + change);
}

/** The rarest symbols get the longest codes. */
function assignLengths(used: u32, lengths: usize): void {
  let length: u32 = 15;
  let left: u32 = load<u32>(COUNTS + (length << 2));
  for (let i: u32 = 0; i < used; i++) {
    while (left == 0) left = load<u32>(COUNTS + (--length << 2));
    store<u8>(lengths + (load<u32>(KEYS + (i << 2)) & 511), length);
    left--;
  }
}

/** Codes from their lengths. */
export function assignCodes(symbols: u32, lengths: usize, codes: usize): void {
  memory.fill(COUNTS, 0, 16 * 4);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) add(<u32>load<u8>(lengths + symbol), 1);
  let code: u32 = 0;
  store<u32>(COUNTS, 0);
  for (let length: u32 = 1; length < 16; length++) {
    code = (code + load<u32>(COUNTS + ((length - 1) << 2))) << 1;
    store<u32>(NEXT + (length << 2), code);
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = <u32>load<u8>(lengths + symbol);
    let bits: u32 = 0;
    if (length > 0) {
      const at = NEXT + (length << 2);
      let own = load<u32>(at);
      store<u32>(at, own + 1);
      for (let i: u32 = 0; i < length; i++, own >>= 1) bits = (bits << 1) | (own & 1);
    }
    store<u32>(codes + (symbol << 2), (length << 16) | bits);
  }
}

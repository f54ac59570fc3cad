/** What the parts of a scan look like in memory: structs of u32 fields, by their offsets. */

/** One component of a scan. */
export const COMPONENT_BYTES: usize = 64;
/** Blocks of an MCU across and down. */
export const ACROSS: usize = 0;
export const DOWN: usize = 4;
/** Samples in a row that are kept, also the distance of rows. */
export const WIDTH: usize = 8;
/** Where the rows of the current MCU row go, and by how much that moves from one to the next. */
export const ROWS: usize = 12;
export const ROWS_STEP: usize = 16;
export const DEQUANTIZER: usize = 20;
export const DC_TABLE: usize = 24;
export const AC_TABLE: usize = 28;
/** Last DC, i32. */
export const PREDICTOR: usize = 32;
/** Coefficients of a batch, and bytes of one row of blocks in it. */
export const BATCH: usize = 36;
export const BATCH_ROW: usize = 40;
/** Of progressive pictures, for each block: DC in i16, a bit for each coefficient that is not 0, the coefficients in i16. */
export const STORED_DC: usize = 44;
export const STORED_BITS: usize = 48;
export const STORED: usize = 52;
/** Blocks in a stored row. */
export const STORED_ACROSS: usize = 56;

/** MCUs decoded before their blocks are transformed: their coefficients stay in the first cache. */
export const BATCH_MCUS: i32 = 8;
/** T.81 section B.2.3. */
export const MAX_MCU_BLOCKS: i32 = 10;

/** One block of a batch, in the order of the stream. */
export const ENTRY_BYTES: usize = 32;
export const BLOCK: usize = 0;
export const ENTRY_COMPONENT: usize = 4;
/** k after the last symbol; END_OF_BLOCK where there is DC alone. */
export const LAST: usize = 8;
/** Column and row in blocks of the batch. */
export const COLUMN: usize = 12;
export const ROW: usize = 16;
/** Copies of the component's, nearer to the others. */
export const ENTRY_DEQUANTIZER: usize = 20;
export const ENTRY_DC: usize = 24;
export const ENTRY_AC: usize = 28;

/** The "png" module: inflate, undo filters, widen samples; and the other way round. */
export { mark, reserve, reset } from "../memory";
export { adler32, crc32 } from "./checksum";
export {
  deflateBytes,
  deflateEnd,
  deflateMoved,
  deflateNeeded,
  deflateOut,
  deflateRun,
  deflateStart,
  deflateTaken,
} from "./deflate";
export { filterNone, filterRow } from "./filter";
export { gray16, gray16Keyed, grayAlpha, keyRgb, lookup, rgb16, rgba16, unpack } from "./expand";
export { inflateFeed, inflateMoved, inflateNext, inflateOut, inflateRun, inflateStart } from "./inflate";
export { unfilter, unfilterRgb } from "./unfilter";
export {
  addColors,
  colorsAt,
  countRepeats,
  entriesAt,
  isGray,
  isOpaque,
  packGray,
  packGrayAlpha,
  packIndices,
  packRgb,
  startColors,
} from "./pack";

import { asTransformError, TransformError } from "./errors.ts";
import { markKeys, type Plan } from "./plan.ts";

/** Bytes of an object by key, or undefined where there is none. */
export type FetchObject = (key: string) => Promise<Uint8Array | undefined>;

/**
 * The objects a plan draws by key, each fetched once and all at the same time. WATERMARK_FAILED where one does not exist,
 * UPSTREAM_FAILED where fetching it fails with anything but a TransformError.
 */
export async function fetchMarks(plan: Plan, fetchObject: FetchObject | undefined): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = markKeys(plan).map(async (key): Promise<[string, Uint8Array]> => [key, await fetchMark(key, fetchObject)]);
  return new Map(await Promise.all(entries));
}

async function fetchMark(key: string, fetchObject: FetchObject | undefined): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await fetchObject?.(key);
  } catch (thrown) {
    throw asTransformError(thrown, "UPSTREAM_FAILED", `the watermark picture ${key} could not be fetched`);
  }
  if (bytes === undefined) throw new TransformError("WATERMARK_FAILED", `the watermark picture ${key} does not exist`);
  return bytes;
}

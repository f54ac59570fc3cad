import { CODECS } from "../../codecs/index.ts";
import { asTransformError, TransformError } from "../../core/errors.ts";
import { oriented, type Size } from "../../core/geometry.ts";
import type { FetchObject } from "../../core/marks.ts";
import type { Plan } from "../../core/plan.ts";
import type { Probe } from "../../core/probe.ts";
import {
  createEngine,
  type Engine,
  type EngineParts,
  type Explanation,
  explainPlan,
  modulesFor,
  type Result,
} from "../../engine.ts";
import { probe as readProbe } from "../../probe/index.ts";
import { emptyPlan, parseProcess } from "../../syntax/oss-process.ts";
import { draftPlan, geometryPlan } from "../state/draft.ts";
import { encodeKey } from "../state/link.ts";
import { PlanFault } from "./fault.ts";
import type { AskBody, Asks, Made, Marks, Opened } from "./protocol.ts";
import { sha256Of } from "./sha256.ts";

/** What a worker answers, without the worker. Throws TransformError. */
export interface StudioEngine {
  answer(ask: AskBody): Promise<Asks[AskBody["kind"]]["answer"]>;
  setMarks(marks: Omit<Marks, "kind">): void;
}

/** A reduced copy of the source, upright or as stored. */
interface Proxy {
  readonly side: number;
  readonly made: Result;
}
interface Source {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly probe: Probe;
  /** By whether EXIF has been applied; made when a draft asks for it. */
  readonly proxies: Map<boolean, Proxy>;
}

export function createStudioEngine(parts: EngineParts): StudioEngine {
  const engine = createEngine(parts);
  let source: Source | undefined;
  let fetchObject: FetchObject | undefined;

  const opened = (): Source => {
    if (source === undefined) throw new TransformError("SOURCE_NOT_FOUND", "no picture is open");
    return source;
  };
  return {
    setMarks(marks) {
      fetchObject = fetchMarkFrom(marks);
    },
    async answer(ask) {
      switch (ask.kind) {
        case "open": {
          const next = await readSource(ask.picture);
          if (ask.side !== undefined) await proxyOf(next, ask.side, true, engine);
          source = next;
          return openedOf(next);
        }
        case "explain":
          return explain(planOf(ask.process), opened());
        case "draft":
          return draft(ask, opened(), engine, fetchObject);
        case "render":
          return render(ask.process, opened(), engine, parts, fetchObject);
      }
    },
  };
}

/** "" asks for nothing. */
function planOf(process: string): Plan {
  return process === "" ? emptyPlan() : parseProcess(process);
}

/** Needs next to nothing, so it fails only where nothing at all can be made of a picture. */
const LEAST = parseProcess("image/resize,l_16/format,bmp");

async function readSource(picture: Blob): Promise<Source> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  const probe = readProbe(bytes);
  explainPlan(LEAST, probe, bytes.length);
  return { bytes, probe, proxies: new Map() };
}

function openedOf({ probe }: Source): Opened {
  return { probe, ...sizeOf(probe, true) };
}

function explain(plan: Plan, { probe, bytes }: Source): Explanation {
  try {
    return explainPlan(plan, probe, bytes.length);
  } catch (thrown) {
    const error = asTransformError(thrown, "INTERNAL", "planning failed");
    const call = faultyCall(plan, probe, bytes.length);
    throw call === undefined ? error : new PlanFault({ ...error, message: error.message, call });
  }
}

/** The first call without which the rest before it can be planned. */
function faultyCall(plan: Plan, probe: Probe, byteLength: number): number | undefined {
  for (let count = 0; count <= plan.calls.length; count++) {
    try {
      explainPlan({ ...plan, calls: plan.calls.slice(0, count) }, probe, byteLength);
    } catch {
      return count === 0 ? undefined : count - 1;
    }
  }
  return undefined;
}

async function render(
  process: string,
  { bytes, probe }: Source,
  engine: Engine,
  { loadWasm }: EngineParts,
  fetchObject: FetchObject | undefined,
): Promise<Made> {
  if (process === "") {
    const mimeType = CODECS.get(probe.format)?.mimeType ?? "application/octet-stream";
    const whole = { data: bytes.slice(), mimeType, format: probe.format, ...sizeOf(probe, true) };
    return { ...whole, timings: {}, peakBytes: bytes.length, warnings: [], ...(await hashOf(bytes)) };
  }
  const plan = planOf(process);
  // All at once and before the clock starts: the times are those of a warm function, which loads nothing
  await Promise.all(modulesFor(plan, probe).map((name) => loadWasm(name).catch(() => undefined)));
  const made = madeOf(await engine.transform(bytes, plan, options(fetchObject)));
  return { ...made, ...(await hashOf(made.data)) };
}

async function draft(
  { process, side, geometry }: Asks["draft"]["ask"],
  source: Source,
  engine: Engine,
  fetchObject: FetchObject | undefined,
): Promise<Made> {
  const asked = planOf(process);
  const plan = geometry ? geometryPlan(asked) : asked;
  const { orient, format = source.probe.format } = plan.settings;
  const { made: proxy } = await proxyOf(source, side, orient, engine);
  const keepsAlpha = CODECS.get(format)?.supports.alpha ?? true;
  const proxySide = Math.max(proxy.width, proxy.height);
  const drafted = draftPlan(plan, { source: sizeOf(source.probe, orient), proxySide, side, keepsAlpha });
  return madeOf(await engine.transform(proxy.data, drafted.plan, options(fetchObject)));
}

/** Size that the calls of a plan meet. */
function sizeOf(probe: Probe, orient: boolean): Size {
  const turns = orient || CODECS.get(probe.format)?.supports.containerOrientation === true;
  return oriented(probe.cleanAperture ?? probe, turns ? probe.orientation : 1);
}

/** One reduced copy each, kept as long as the source: decoding 24 MP for every draft would take longer than the draft. */
async function proxyOf(source: Source, side: number, orient: boolean, engine: Engine): Promise<Proxy> {
  const kept = source.proxies.get(orient);
  if (kept?.side === side) return kept;
  const plan = parseProcess(`image/resize,l_${side}/auto-orient,${orient ? 1 : 0}/format,bmp`);
  const proxy = { side, made: await engine.transform(source.bytes, plan) };
  source.proxies.set(orient, proxy);
  return proxy;
}

function options(fetchObject: FetchObject | undefined) {
  return fetchObject === undefined ? {} : { fetchObject };
}

function madeOf({ data, mimeType, format, width, height, timings, peakBytes, warnings }: Result): Made {
  // Buffers are handed over, so a view into a larger one is copied
  const whole = data.byteLength === data.buffer.byteLength ? (data as Uint8Array<ArrayBuffer>) : data.slice();
  return { data: whole, mimeType, format, width, height, timings, peakBytes, warnings };
}

async function hashOf(data: Uint8Array<ArrayBuffer>): Promise<{ readonly sha256?: string }> {
  const sha256 = await sha256Of(data);
  return sha256 === undefined ? {} : { sha256 };
}

/** A picture that the page was handed, else one of the store. Without a store no key exists. */
function fetchMarkFrom({ pictures, base }: Omit<Marks, "kind">): FetchObject {
  const handed = new Map(pictures);
  return async (key) => {
    const picture = handed.get(key);
    if (picture !== undefined) return new Uint8Array(await picture.arrayBuffer());
    if (base === undefined) return undefined;
    const response = await fetch(`${base}/${encodeKey(key)}`);
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${key}: HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
}

import type { AnswerOperation } from "../core/operation.ts";
import type { Probe } from "../core/probe.ts";

/** Describes the source instead of transforming it; cannot be combined (OSS IMG reference, section 7.4). */
export const info: AnswerOperation = {
  kind: "answer",
  answer: "info",
  name: "info",
  summary: "answer a JSON description of the source",
  args: {},
};

/**
 * The JSON text of section 7.4: every leaf {"value": "<string>"}, keys sorted, four spaces, no newline at the end.
 * ImageWidth and ImageHeight are the stored size.
 */
export function printInfo(probe: Probe, byteLength: number): string {
  const values: Record<string, string> = { ...probe.exif };
  if (probe.density !== undefined) {
    values["ResolutionUnit"] = values["ResolutionUnit"] ?? String(probe.density.unit);
    values["XResolution"] = values["XResolution"] ?? probe.density.x;
    values["YResolution"] = values["YResolution"] ?? probe.density.y;
  }
  values["FileSize"] = String(byteLength);
  values["Format"] = probe.format === "jpeg" ? "jpg" : probe.format;
  values["FrameCount"] = String(probe.frames);
  values["ImageHeight"] = String(probe.height);
  values["ImageWidth"] = String(probe.width);
  const lines = Object.keys(values)
    .sort()
    .map((name) => `    ${JSON.stringify(name)}: {"value": ${JSON.stringify(values[name])}}`);
  return `{\n${lines.join(",\n")}}`;
}

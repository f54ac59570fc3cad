import type { Codec } from "./codec.ts";
import { deferTurn, withConversion } from "./defer.ts";
import { type Orientation, oriented, type Size } from "./geometry.ts";
import { checkRotation, type Limits } from "./limits.ts";
import type { Probe } from "./probe.ts";
import type { Step } from "./step.ts";

/** How a stored picture lies: what is shown of it, as stored, the turn that makes it upright, and its size then. */
export interface Upright {
  readonly stored: Size;
  readonly turn: Orientation;
  readonly size: Size;
}

/** EXIF counts only with `orient`; irot and imir are part of the picture itself. */
export function uprightOf(probe: Probe, source: Codec, orient: boolean, limits: Limits): Upright {
  const turn = orient || source.supports.containerOrientation ? probe.orientation : 1;
  if (turn !== 1) checkRotation(probe, limits.ossStrict);
  const { width, height } = probe.cleanAperture ?? probe;
  return { stored: { width, height }, turn, size: oriented({ width, height }, turn) };
}

/** Planned steps with what makes any picture an upright sRGB one: aperture first, conversion and turn where they cost least. */
export function stepsOf(asked: readonly Step[], probe: Probe, { stored, turn }: Upright): readonly Step[] {
  return [...apertureStep(probe), ...withConversion(deferTurn(asked, stored, turn), stored, probe)];
}

function apertureStep({ cleanAperture }: Probe): readonly Step[] {
  return cleanAperture === undefined ? [] : [{ kind: "crop", params: { rect: cleanAperture }, output: cleanAperture }];
}

import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { intersect, type Rect } from "../../core/geometry.ts";
import {
  before,
  draft,
  explanation,
  isCurrent,
  problem,
  renderFault,
  result,
  type Source,
  source,
  view,
} from "../state/store.ts";
import { text } from "../text/index.ts";
import { PIXELATED_FROM } from "../viewer/camera.ts";
import { notePlanned, plannedSize } from "../viewer/planned.ts";
import { type Arrived, arrived, canShow, isAlike, layoutSize, pictureOf } from "../viewer/shown.ts";
import { divider, laid, originalSize, resultSize, stage, targets } from "../viewer/state.ts";
import { Divider } from "./viewer-divider.tsx";
import { Labels, PreviewNote, Seam } from "./viewer-marks.tsx";
import { type Laid, Picture } from "./viewer-picture.tsx";

/** Original and result, one over the other with a divider, side by side, or the result alone. */
export function Compared({ isHidden }: { readonly isHidden: boolean }) {
  useSignalEffect(() => {
    const [planned, from] = [explanation.value, source.value];
    if (planned !== undefined && from !== undefined) notePlanned(from.id, planned.canonical, planned);
  });
  const shown = useShown();
  const from = source.value;
  if (from === undefined) return null;

  const [first, second] = targets.value;
  const at = laid(second ?? first);
  const whole: Rect = { x: 0, y: 0, ...stage.value };
  const over = intersect(at, whole) ?? whole;
  const cut = over.x + divider.value * over.width;
  const original = view.value === "divider" ? beside(from) : undefined;
  const resultPart = original === undefined ? whole : { ...whole, x: cut, width: whole.width - cut };
  const isFailed = problem.value !== undefined || renderFault.value !== undefined;

  return (
    <div class="viewer-compared" data-hidden={isHidden} data-failed={isFailed}>
      {original !== undefined && (
        <Layer clip={{ ...whole, width: cut }}>
          <Original key={from.id} from={from} picture={original} at={at} />
        </Layer>
      )}
      {second !== undefined && (
        <Layer clip={first.pane.clip}>
          <SideOriginal from={from} at={laid(first)} />
        </Layer>
      )}
      <Layer key="result" clip={second?.pane.clip ?? resultPart}>
        <ResultPicture from={from} shown={shown} at={at} />
      </Layer>
      {second !== undefined && <Seam at={second.pane.clip} />}
      {original !== undefined && !isHidden && <Divider over={over} />}
      {view.value !== "result" && <Labels resultPart={second?.pane.clip} />}
      <PreviewNote isShown={shown !== undefined} />
    </div>
  );
}

/** What the result side shows: its address, and the size at which it is laid out. */
function useShown(): Laid | undefined {
  const seen = useRef<Arrived>({});
  seen.current = arrived(seen.current, draft.value, result.value);
  const picture = pictureOf(seen.current, isCurrent.value);
  const from = source.value;
  if (picture === undefined || from === undefined) return undefined;
  const known = picture === result.value ? undefined : picture.process === "" ? from : plannedSize(from.id, picture.process);
  return { url: picture.url, ...layoutSize(picture, known) };
}

/** The original under the divider: cut as the result is, or the source where that looks the same. */
function beside(from: Source): Laid | undefined {
  const cut = before.value;
  if (cut !== undefined && canShow(cut.format)) return { url: cut.url, width: cut.width, height: cut.height };
  return isAlike(from, resultSize.value ?? from) ? sourceItself(from) : undefined;
}
function sourceItself(from: Source): Laid | undefined {
  return canShow(from.probe.format) ? { url: from.url, width: from.width, height: from.height } : undefined;
}

interface PictureProps {
  readonly from: Source;
  readonly at: Rect;
}

/** Until there is anything of the result, the source stands in. A draft has no px of its own to be looked at. */
function ResultPicture({ from, shown, at }: PictureProps & { readonly shown: Laid | undefined }) {
  const isExact = shown !== undefined && shown.url === result.value?.url;
  return (
    <Picture
      picture={shown ?? sourceItself(from)}
      alt={text.value.viewer.resultPicture(from.name)}
      at={at}
      isPixelated={isExact && at.width >= shown.width * PIXELATED_FROM}
      onShown={(size) => {
        resultSize.value = size;
      }}
    />
  );
}

function Original({ from, picture, at }: PictureProps & { readonly picture: Laid }) {
  const alt = text.value.viewer.originalPicture(from.name);
  return <Picture picture={picture} alt={alt} at={at} isPixelated={at.width >= picture.width * PIXELATED_FROM} />;
}

/** The whole source, or where no browser shows its format what the engine made of it. */
function SideOriginal({ from, at }: PictureProps) {
  const made = before.value;
  const picture =
    sourceItself(from) ?? (made === undefined ? undefined : { url: made.url, width: made.width, height: made.height });
  return (
    <Picture
      picture={picture}
      alt={text.value.viewer.originalPicture(from.name)}
      at={at}
      isPixelated={at.width >= (picture?.width ?? at.width) * PIXELATED_FROM}
      onShown={(size) => {
        originalSize.value = size;
      }}
    />
  );
}

/** A part of the stage, and nothing beyond it. */
function Layer({ clip, children }: { readonly clip: Rect; readonly children: ComponentChildren }) {
  const { width, height } = stage.value;
  const [right, bottom] = [width - clip.x - clip.width, height - clip.y - clip.height];
  return (
    <div class="viewer-layer" style={{ clipPath: `inset(${clip.y}px ${right}px ${bottom}px ${clip.x}px)` }}>
      {children}
    </div>
  );
}

import { useEffect, useState } from "preact/hooks";
import type { Step } from "../state/document.ts";
import { source } from "../state/store.ts";
import { text } from "../text/index.ts";
import { PIXELATED_FROM } from "../viewer/camera.ts";
import { type InputPicture, inputKey, inputPicture } from "../viewer/input-picture.ts";
import { handledInput, inputSize, laid, mainTarget } from "../viewer/state.ts";
import { CropHandles } from "./viewer-crop.tsx";
import { FocalHandle } from "./viewer-focal.tsx";
import { Picture } from "./viewer-picture.tsx";

/** The picture that enters a step, with the step's handles on it. */
export function Edited({ step }: { readonly step: Step }) {
  const [isShowable, setShowable] = useState(true);
  const picture = useInputPicture(isShowable);
  const from = source.value;
  const size = inputSize.value;
  useEffect(
    () => () => {
      inputSize.value = undefined;
    },
    [],
  );
  if (picture === undefined || from === undefined) return null;
  const at = laid(mainTarget());
  return (
    <>
      <div class="viewer-layer" data-waiting={size === undefined}>
        <Picture
          picture={{ url: picture.url, ...picture.size }}
          alt={text.value.viewer.originalPicture(from.name)}
          at={at}
          isPixelated={size !== undefined && at.width >= size.width * PIXELATED_FROM}
          isUpright={picture.isUpright}
          onShown={(shown) => {
            inputSize.value = shown;
          }}
          onFailed={() => setShowable(false)}
        />
      </div>
      {size === undefined ? null : step.name === "crop" ? (
        <CropHandles step={step} input={size} at={at} />
      ) : (
        <FocalHandle step={step} input={size} at={at} />
      )}
    </>
  );
}

/** Made once for as long as the steps before stay as they are. */
function useInputPicture(isShowable: boolean): InputPicture | undefined {
  const [picture, setPicture] = useState<InputPicture>();
  const [from, input] = [source.value, handledInput.value];
  const key = from === undefined || input === undefined ? "" : inputKey(from, input);
  useEffect(() => {
    if (from === undefined || input === undefined) return undefined;
    let isWanted = true;
    let made: InputPicture | undefined;
    inputPicture(from, input, isShowable)
      .then((next) => {
        made = next;
        if (isWanted) setPicture(next);
        else next.release();
      })
      .catch(() => undefined); // the fault of the steps before is shown as such; the picture stays
    return () => {
      isWanted = false;
      made?.release();
    };
  }, [key, isShowable]);
  return picture;
}

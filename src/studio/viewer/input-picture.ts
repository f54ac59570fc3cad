/** The picture that enters the step whose handles are shown. */
import type { Size } from "../../core/geometry.ts";
import { draftOf } from "../engine/session.ts";
import type { Source } from "../state/store.ts";
import { isUpright, type StepInput } from "./input.ts";
import { canShow } from "./shown.ts";

export interface InputPicture {
  readonly url: string;
  readonly size: Size;
  /** EXIF counts for the pixels of `url`. */
  readonly isUpright: boolean;
  /** Lets go of what was made for it. */
  release(): void;
}

/** Equal for inputs that look the same. */
export function inputKey(source: Source, input: StepInput): string {
  return JSON.stringify([
    source.id,
    input.isMoved,
    isUpright(input.doc),
    input.isMoved ? input.doc.steps.map(({ name, texts }) => [name, texts]) : [],
  ]);
}

/** The source itself where nothing has moved it and the browser shows it, else a draft. Fails where none can be made. */
export async function inputPicture(source: Source, input: StepInput, isShowable: boolean): Promise<InputPicture> {
  if (!input.isMoved && isShowable && canShow(source.probe.format)) {
    return { url: source.url, size: input.size, isUpright: isUpright(input.doc), release: () => undefined };
  }
  const { url, ...made } = await draftOf(input.doc);
  const size = input.isBound ? await unscaled(made, input) : input.size;
  return { url, size, isUpright: true, release: () => URL.revokeObjectURL(url) };
}

/** Size behind a trim, which only pixels tell: the draft's, as much larger as the plan without the trim is than its own draft. */
async function unscaled(made: Size, input: StepInput): Promise<Size> {
  const steps = input.doc.steps.filter(({ name }) => name !== "trim");
  const whole = await draftOf({ ...input.doc, steps });
  URL.revokeObjectURL(whole.url);
  const { width, height } = input.size;
  return {
    width: Math.max(1, Math.round((made.width * width) / whole.width)),
    height: Math.max(1, Math.round((made.height * height) / whole.height)),
  };
}

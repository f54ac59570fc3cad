import { useEffect, useRef } from "preact/hooks";
import type { Rect, Size } from "../../core/geometry.ts";

/** A picture and the size at which it is laid out, which need not be its own. */
export interface Laid extends Size {
  readonly url: string;
}

interface Props {
  readonly picture: Laid | undefined;
  readonly alt: string;
  /** Place on the stage. */
  readonly at: Rect;
  readonly isPixelated: boolean;
  /** Apply the EXIF orientation. */
  readonly isUpright?: boolean;
  /** A picture has taken the place of the one before, or is to be laid out at another size. */
  readonly onShown?: (size: Size) => void;
  /** This browser cannot show it. */
  readonly onFailed?: () => void;
}

/**
 * An <img> that is replaced once the next one has been decoded, so that nothing flickers. Its size is told then, not before,
 * so that no picture is stretched to the size of another.
 */
export function Picture({ picture, alt, at, isPixelated, isUpright = true, onShown, onFailed }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const shown = useRef<{ readonly number: number; readonly url?: string }>({ number: 0 });
  const begun = useRef(0);
  const asked = useRef({ picture, onShown, onFailed });
  asked.current = { picture, onShown, onFailed };
  const url = picture?.url;

  useEffect(() => {
    if (picture === undefined) return;
    const number = ++begun.current;
    decoded(picture.url).then(
      (image) => {
        // A later one may have been quicker. One that comes late is shown too: pictures may follow each other faster than they decode
        if (number < shown.current.number) return;
        shown.current = { number, url: picture.url };
        image.alt = host.current?.dataset["alt"] ?? "";
        host.current?.replaceChildren(image);
        const latest = asked.current.picture;
        tell(asked.current.onShown, latest?.url === picture.url ? latest : picture);
      },
      () => {
        if (number === begun.current) asked.current.onFailed?.(); // the one before stays
      },
    );
  }, [url]);

  useEffect(() => {
    if (picture !== undefined && shown.current.url === url) tell(onShown, picture);
  }, [url, picture?.width, picture?.height]);

  useEffect(() => {
    const image = host.current?.firstElementChild;
    if (image instanceof HTMLImageElement) image.alt = alt;
  }, [alt]);

  return (
    <div
      ref={host}
      class="viewer-picture checker"
      data-alt={alt}
      data-pixelated={isPixelated}
      data-stored={!isUpright}
      style={{ left: `${at.x}px`, top: `${at.y}px`, width: `${at.width}px`, height: `${at.height}px` }}
    />
  );
}

function tell(onShown: Props["onShown"], { width, height }: Size): void {
  onShown?.({ width, height });
}

/** An image that can be painted at once. */
async function decoded(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.draggable = false;
  image.decoding = "sync"; // decoded by then: painting must not wait for another thread
  image.src = url;
  await image.decode();
  return image;
}

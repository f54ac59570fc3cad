import { useEffect, useRef } from "preact/hooks";

/** As large as a card shows at most, in px of the picture and of the page. */
const [WIDTH, HEIGHT] = [176, 56];

/**
 * The middle of a picture, pixel by pixel, so that what the encoder did can be seen. Drawn once and forgotten: eight pictures of
 * 24 MP kept in <img> would hold 768 MB. A browser that does not know the format shows nothing.
 */
export function Thumbnail({ url }: { readonly url: string | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (url === undefined || context === null || context === undefined) return undefined;
    let isWanted = true;
    const picture = new Image();
    picture.src = url;
    const draw = () => {
      if (!isWanted) return;
      context.drawImage(
        picture,
        Math.round((WIDTH - picture.naturalWidth) / 2),
        Math.round((HEIGHT - picture.naturalHeight) / 2),
      );
    };
    picture.decode().then(draw, () => undefined);
    return () => {
      isWanted = false;
      context.clearRect(0, 0, WIDTH, HEIGHT);
    };
  }, [url]);
  return <canvas class="strip-card-picture checker" width={WIDTH} height={HEIGHT} ref={canvas} />;
}

import { SAMPLES } from "../samples/index.ts";
import { openSample } from "../shell/open.ts";
import { text } from "../text/index.ts";
import { printBytes } from "../viewer/units.ts";

/** Pictures that come with the page. */
export function StartSamples() {
  return (
    <section class="start-more" aria-labelledby="start-samples">
      <h3 id="start-samples" class="start-more-title">
        {text.value.shell.start.samples}
      </h3>
      <ul class="start-grid start-grid-few">
        {SAMPLES.map(({ name, bytes, url, thumbnail }) => (
          <li key={name}>
            <button type="button" class="thumbnail" onClick={() => void openSample(name, url)}>
              <img class="checker" src={thumbnail} alt="" width={320} height={240} />
              <span class="thumbnail-name small">{name}</span>
              <span class="thumbnail-size small soft number">{printBytes(bytes)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

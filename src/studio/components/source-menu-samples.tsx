import { SAMPLES } from "../samples/index.ts";
import { openSample } from "../shell/open.ts";
import { text } from "../text/index.ts";

/** Pictures of the page itself, where there is no store. */
export function SampleList({ done }: { readonly done: () => void }) {
  const words = text.value.shell.source;
  return (
    <>
      <h2 class="label source-samples-title">{words.samples}</h2>
      <ul class="source-samples">
        {SAMPLES.map(({ name, url, thumbnail }) => (
          <li key={name}>
            <button
              type="button"
              class="thumbnail"
              onClick={() => {
                done();
                void openSample(name, url);
              }}
            >
              <img class="checker" src={thumbnail} alt="" width={320} height={240} />
              <span class="thumbnail-name small">{name}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

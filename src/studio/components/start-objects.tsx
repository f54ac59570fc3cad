import { useSignal } from "@preact/signals";
import { matching } from "../shell/object-filter.ts";
import { isOpening, openStored } from "../shell/open.ts";
import { linkedKey } from "../shell/page-link.ts";
import { encodeKey } from "../state/link.ts";
import { objects, type StoredObject, stack } from "../state/store.ts";
import { text } from "../text/index.ts";
import { printBytes } from "../viewer/units.ts";
import { Icon } from "./icon.tsx";

/** As many as are seen at once; each costs the store a transform. */
const SHOWN = 12;
/** What the edge makes for a thumbnail; twice its size on the page, for sharp screens. */
const THUMBNAIL = "w=320&h=240&fit=cover&format=webp";

/** Objects of the local store. */
export function StartObjects() {
  const words = text.value.shell;
  const query = useSignal("");
  if (stack.value === undefined || objects.value.length === 0) return null;
  const { edge, bucket } = stack.value;
  const found = matching(objects.value, query.value);
  // A browser has six connections to a host: thumbnails must not keep the picture waiting that is being opened
  const isWaiting = isOpening.value || linkedKey.value !== undefined;
  return (
    <section class="start-more" aria-labelledby="start-objects">
      <div class="start-more-head">
        <h3 id="start-objects" class="start-more-title">
          {words.start.store(bucket)}
        </h3>
        {objects.value.length > SHOWN && (
          <input
            class="input start-filter"
            type="search"
            aria-label={words.source.filter}
            placeholder={words.source.filter}
            value={query.value}
            onInput={(event) => (query.value = event.currentTarget.value)}
          />
        )}
      </div>
      <ul class="start-grid">
        {found.slice(0, SHOWN).map((object) => (
          <Thumbnail
            key={object.key}
            object={object}
            address={isWaiting ? undefined : `${edge}/${encodeKey(object.key)}?${THUMBNAIL}`}
          />
        ))}
      </ul>
      <p class="small soft" role="status">
        {found.length === 0 ? words.source.noMatch : found.length > SHOWN ? words.start.more(found.length - SHOWN) : ""}
      </p>
    </section>
  );
}

/** Objects that cannot be shown can be chosen all the same: the page then says what is wrong with them. */
function Thumbnail({ object, address }: { readonly object: StoredObject; readonly address: string | undefined }) {
  const isBroken = useSignal(false);
  return (
    <li>
      <button type="button" class="thumbnail" title={object.key} onClick={() => void openStored(object.key)}>
        {isBroken.value || address === undefined ? (
          <span class="thumbnail-none">
            <Icon name="picture" size={24} />
          </span>
        ) : (
          <img
            class="checker"
            src={address}
            alt=""
            width={320}
            height={240}
            loading="lazy"
            decoding="async"
            onError={() => (isBroken.value = true)}
          />
        )}
        <span class="thumbnail-name small">{object.key}</span>
        <span class="thumbnail-size small soft number">{printBytes(object.bytes)}</span>
      </button>
    </li>
  );
}

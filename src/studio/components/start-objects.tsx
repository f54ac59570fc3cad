import { useSignal } from "@preact/signals";
import { matching } from "../shell/object-filter.ts";
import { isOpening, openStored } from "../shell/open.ts";
import { isLinkOpening } from "../shell/page-link.ts";
import { encodeKey } from "../state/link.ts";
import { objects, type StoredObject, stack } from "../state/store.ts";
import { text } from "../text/index.ts";
import { printBytes } from "../viewer/units.ts";
import { Icon } from "./icon.tsx";

/** As many as are seen at once; each costs the store a transform. */
const SHOWN = 12;
/** Of a browser's six connections to a host some must stay free for the picture that is opened, and for the engine's files. */
const AT_ONCE = 2;
/** What the edge makes for a thumbnail; twice its size on the page, for sharp screens. */
const THUMBNAIL = "w=320&h=240&fit=cover&format=webp";

/** Objects of the local store. */
export function StartObjects() {
  const words = text.value.shell;
  const query = useSignal("");
  const settled = useSignal<ReadonlySet<string>>(new Set());
  if (stack.value === undefined || objects.value.length === 0) return null;
  const { edge, bucket } = stack.value;
  const found = matching(objects.value, query.value);
  const shown = found.slice(0, SHOWN);
  const isWaiting = isOpening.value || isLinkOpening.value;
  const next = isWaiting ? [] : shown.filter(({ key }) => !settled.value.has(key)).slice(0, AT_ONCE);
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
        {shown.map((object) => (
          <Thumbnail
            key={object.key}
            object={object}
            address={`${edge}/${encodeKey(object.key)}?${THUMBNAIL}`}
            mayLoad={settled.value.has(object.key) || next.includes(object)}
            onSettled={() => (settled.value = new Set([...settled.value, object.key]))}
          />
        ))}
      </ul>
      <p class="small soft" role="status">
        {found.length === 0 ? words.source.noMatch : found.length > SHOWN ? words.start.more(found.length - SHOWN) : ""}
      </p>
    </section>
  );
}

interface ThumbnailProps {
  readonly object: StoredObject;
  readonly address: string;
  readonly mayLoad: boolean;
  readonly onSettled: () => void;
}
/** Objects that cannot be shown can be chosen all the same: the page then says what is wrong with them. */
function Thumbnail({ object, address, mayLoad, onSettled }: ThumbnailProps) {
  const isBroken = useSignal(false);
  const onError = () => {
    isBroken.value = true;
    onSettled();
  };
  return (
    <li>
      <button type="button" class="thumbnail" title={object.key} onClick={() => void openStored(object.key)}>
        {isBroken.value || !mayLoad ? (
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
            decoding="async"
            onLoad={onSettled}
            onError={onError}
          />
        )}
        <span class="thumbnail-name small">{object.key}</span>
        <span class="thumbnail-size small soft number">{printBytes(object.bytes)}</span>
      </button>
    </li>
  );
}

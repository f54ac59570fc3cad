import { maxbytes } from "../../operations/maxbytes.ts";
import { bindSetting } from "../controls/bind.ts";
import { NumberControl } from "../controls/number.tsx";
import { inKilobytes, toBytes, toKilobytes } from "../presentation/kilobytes.ts";
import { scaleOf } from "../presentation/scale.ts";
import { doc, source } from "../state/store.ts";
import { text } from "../text/index.ts";

const KILOBYTES = inKilobytes(maxbytes.args.value);
/** kB where the slider ends while there is no picture. */
const SOME = 1000;

/** The most bytes of a result, in kB. */
export function SizeLimit() {
  const says = text.value.chain;
  const bound = bindSetting(doc.value, "maxbytes");
  const most = Math.ceil((source.value?.picture.size ?? SOME * 1000) / 1000);
  const { domain } = KILOBYTES;
  const scale =
    domain.kind === "decimal" ? scaleOf(domain, { start: () => 1, end: () => most }, { width: 1, height: 1 }) : undefined;
  return (
    <NumberControl
      bound={{
        ...bound,
        ...{ arg: KILOBYTES, unit: says.units.kilobytes, placeholder: says.none, hint: says.settings.hints.maxbytes },
        ...(scale === undefined ? {} : { scale, rest: scale.to }),
        ...(bound.text === undefined ? {} : { text: toKilobytes(bound.text) }),
        move: (given) => bound.move(toBytes(given)),
        change: (given) => bound.change(toBytes(given)),
      }}
    />
  );
}

import { bindSetting } from "../controls/bind.ts";
import { Control } from "../controls/control.tsx";
import { faultText } from "../presentation/faults.ts";
import { resultFormat, withoutEffect } from "../presentation/formats.ts";
import { SETTING_ROWS } from "../presentation/settings.ts";
import { doc, edit, problem, source } from "../state/store.ts";
import { text } from "../text/index.ts";
import { Icon } from "./icon.tsx";
import { FormatChoice } from "./output-format.tsx";
import { QualityControl } from "./output-quality.tsx";
import { SizeLimit } from "./output-size.tsx";
import "./output.css";

/** What the result is to be: its format, and how it is encoded. */
export function Output() {
  const says = text.value.chain.settings;
  const { settings } = doc.value;
  const isReset = Object.keys(settings).length === 0;
  return (
    <section class="section output" aria-labelledby="output-title">
      <div class="section-head">
        <h2 id="output-title">{says.title}</h2>
        {!isReset && (
          <button type="button" class="button button-quiet" onClick={() => edit((now) => ({ ...now, settings: {} }))}>
            {says.reset}
          </button>
        )}
      </div>
      <div class="form">
        {SETTING_ROWS.main.map((name) => (
          <Setting key={name} name={name} />
        ))}
        <details class="more">
          <summary class="more-head small">
            <Icon name="right" size={14} />
            {says.more}
          </summary>
          <div class="form more-body">
            {SETTING_ROWS.more.map((name) => (
              <Setting key={name} name={name} />
            ))}
          </div>
        </details>
      </div>
    </section>
  );
}

/** A setting that would have no effect is left out, unless it is set: then it says so, and can be taken back. */
function Setting({ name }: { readonly name: string }) {
  const says = text.value.chain.settings;
  const { settings } = doc.value;
  const why = withoutEffect(name, resultFormat(settings, source.value?.probe.format), settings);
  if (why !== undefined && settings[name] === undefined) return undefined;
  return (
    <div class="setting" data-part={`setting-${name}`}>
      <SettingControl name={name} />
      {why === undefined ? <SettingFault name={name} /> : <p class="small soft setting-why">{says.without[why]}</p>}
    </div>
  );
}

function SettingControl({ name }: { readonly name: string }) {
  const hints: Readonly<Record<string, string>> = text.value.chain.settings.hints;
  switch (name) {
    case "format":
      return <FormatChoice />;
    case "quality":
      return <QualityControl />;
    case "maxbytes":
      return <SizeLimit />;
    default: {
      const hint = hints[name];
      return <Control bound={{ ...bindSetting(doc.value, name), ...(hint === undefined ? {} : { hint }) }} />;
    }
  }
}

/** What the engine has against a setting that is well-formed in itself. */
function SettingFault({ name }: { readonly name: string }) {
  const fault = problem.value;
  if (fault === undefined || fault.step !== undefined || fault.operation !== name) return undefined;
  const { message, isEngines } = faultText(fault, text.value.chain);
  if (!isEngines) return undefined; // said at the field
  return (
    <p class="error" lang="en">
      {message}
    </p>
  );
}

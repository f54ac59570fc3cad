import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { GROUPS, type Group } from "../presentation/groups.ts";
import { type ChainText, doesOf, nameOf } from "../presentation/labels.ts";
import { matchesOf } from "../presentation/search.ts";
import { text } from "../text/index.ts";
import { Icon } from "./icon.tsx";

const LIST_ID = "add-step-list";

/** A button that opens the list of operations: typed words narrow it down, arrow keys and Enter choose. */
export function AddStep({ add }: { readonly add: (operation: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const choose = (operation: string) => {
    setOpen(false);
    add(operation);
  };
  useEffect(() => {
    if (!isOpen) return undefined;
    const onPointerDown = ({ target }: PointerEvent) => {
      if (target instanceof Node && root.current?.contains(target) === false) setOpen(false);
    };
    document.addEventListener("pointerdown", onPointerDown);
    return () => document.removeEventListener("pointerdown", onPointerDown);
  }, [isOpen]);
  return (
    <div
      ref={root}
      class="add"
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && root.current?.contains(relatedTarget) === false) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        class="button button-main"
        data-add-step=""
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="plus" size={16} />
        {text.value.chain.add}
      </button>
      {isOpen && <AddMenu choose={choose} close={close} />}
    </div>
  );
}

interface MenuProps {
  readonly choose: (operation: string) => void;
  readonly close: () => void;
}

function AddMenu({ choose, close }: MenuProps) {
  const says = text.value.chain;
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const menu = useRef<HTMLDivElement>(null);
  const groups = found(query, says);
  const flat = groups.flatMap(([, operations]) => operations);
  const chosen = flat[active];
  // At once: a person who opens it by keyboard goes on typing
  useLayoutEffect(() => {
    menu.current?.querySelector("input")?.focus();
    menu.current?.scrollIntoView({ block: "nearest" });
  }, []);
  useEffect(() => {
    menu.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active, query]);
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if (key === "Escape") close();
    else if (key === "Enter" && chosen !== undefined) choose(chosen);
    else if (key === "ArrowDown") setActive((active + 1) % Math.max(1, flat.length));
    else if (key === "ArrowUp") setActive((active + flat.length - 1) % Math.max(1, flat.length));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={menu} class="menu add-menu">
      <Filter
        query={query}
        active={chosen}
        change={(typed) => {
          setQuery(typed);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={LIST_ID} class="add-list" role="listbox" aria-label={says.operationsList}>
        {groups.map(([group, operations]) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options
          <div key={group} role="group" aria-labelledby={`add-${group}`}>
            <div id={`add-${group}`} class="add-group small soft" role="presentation">
              {says.groups[group]}
            </div>
            {operations.map((operation) => (
              <Option
                key={operation}
                operation={operation}
                isActive={operation === chosen}
                choose={choose}
                point={() => setActive(flat.indexOf(operation))}
              />
            ))}
          </div>
        ))}
      </div>
      {flat.length === 0 && (
        <p class="add-nothing small soft" role="status">
          {says.nothingFound(query)}
        </p>
      )}
    </div>
  );
}

interface FilterProps {
  readonly query: string;
  /** The operation that Enter would add. */
  readonly active: string | undefined;
  readonly change: (query: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}
function Filter({ query, active, change, onKeyDown }: FilterProps) {
  const label = text.value.chain.filter;
  return (
    <input
      class="input"
      type="text"
      role="combobox"
      aria-label={label}
      aria-expanded="true"
      aria-controls={LIST_ID}
      aria-autocomplete="list"
      aria-activedescendant={active === undefined ? undefined : optionId(active)}
      placeholder={label}
      autocomplete="off"
      spellcheck={false}
      value={query}
      onInput={(event) => change(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  );
}

interface OptionProps {
  readonly operation: string;
  readonly isActive: boolean;
  readonly choose: (operation: string) => void;
  readonly point: () => void;
}
function Option({ operation, isActive, choose, point }: OptionProps) {
  const says = text.value.chain;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
    <div
      id={optionId(operation)}
      class="add-option"
      role="option"
      aria-selected={isActive}
      onPointerMove={() => isActive || point()}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => choose(operation)}
    >
      <span class="add-name">{nameOf(says, operation)}</span>
      <span class="small soft">{doesOf(says, operation)}</span>
    </div>
  );
}

function optionId(operation: string): string {
  return `add-option-${operation}`;
}

/** Groups with the operations that match; groups without any are left out. */
function found(query: string, says: ChainText): readonly (readonly [Group, readonly string[]])[] {
  const matches = matchesOf(query, says);
  return GROUPS.map(([group, operations]) => [group, operations.filter((name) => matches.has(name))] as const).filter(
    ([, operations]) => operations.length > 0,
  );
}

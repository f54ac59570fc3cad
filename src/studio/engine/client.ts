/** Two workers: one for quick answers, of which only the newest counts, and one for exact results, which is ended where it is overtaken. */
import type { Explanation } from "../../engine.ts";
import { createLanes } from "./lanes.ts";
import type { Asks, Made, Marks, Modules, Opened, Progress } from "./protocol.ts";
import { createRunner, type Runner, type WorkerLike } from "./runner.ts";

export interface ClientParts {
  readonly createWorker: () => WorkerLike;
  /** Address of the page, below which the engine's files are. */
  readonly page: string;
  readonly onProgress: (progress: Progress) => void;
}

/** What a draft is for: the result, the original beside it, the picture that enters a step. */
export type DraftLane = "draft" | "before" | "input";

/** Promises fail with TransformError, or with Overtaken where something newer has taken their place. */
export interface Client {
  /** Starts what takes a while to start. */
  warm(): void;
  /** Takes a picture; where it cannot be read, the one before stays. `side`: of drafts, px. */
  open(picture: Blob, side: number): Promise<Opened>;
  explain(process: string): Promise<Explanation>;
  /** Of several that wait in one lane only the newest is made. */
  draft(lane: DraftLane, ask: Asks["draft"]["ask"]): Promise<Made>;
  /** An exact result; ends the one that is being made. */
  render(process: string): Promise<Made>;
  /** Ends the exact result that is being made, if any. */
  cancel(): void;
  setMarks(marks: Omit<Marks, "kind">): void;
  dispose(): void;
}

export function createClient({ createWorker, page, onProgress }: ClientParts): Client {
  const lanes = createLanes(["open", "explain", "input", "draft", "before"]);
  const runners = new Set<Runner>();
  const modules = new Map<Modules["modules"][number][0], WebAssembly.Module>();
  const fonts = new Map<Modules["fonts"][number][0], Blob>();
  let marks: Marks = { kind: "marks", pictures: [] };
  let picture: Blob | undefined;

  /** A worker with all there is, so that only its work is left. */
  const start = (): Runner => {
    const runner = createRunner(createWorker(), {
      onProgress,
      onLoaded(loaded) {
        for (const [name, module] of loaded.modules) modules.set(name, module);
        for (const [file, font] of loaded.fonts) fonts.set(file, font);
        for (const other of runners) if (other !== runner) other.tell(loaded);
      },
      onEnd: () => runners.delete(runner),
    });
    runners.add(runner);
    runner.tell({ kind: "start", page });
    runner.tell({ kind: "modules", modules: [...modules], fonts: [...fonts] });
    runner.tell(marks);
    reopen(runner);
    return runner;
  };
  /** Where the picture cannot be read any more, what is asked about it fails. */
  const reopen = (runner: Runner) => {
    if (picture !== undefined) runner.ask({ kind: "open", picture }).catch(() => undefined);
  };

  let quick: Runner | undefined;
  const quickRunner = (): Runner => {
    if (quick?.isAlive !== true) quick = start();
    return quick;
  };
  const exact = createExact(start);

  return {
    warm: () => void quickRunner(),
    open: (next, side) =>
      lanes.run("open", async () => {
        const opened = await quickRunner().ask({ kind: "open", picture: next, side });
        picture = next;
        exact.cancel();
        for (const runner of runners) if (runner !== quick) reopen(runner);
        exact.warm();
        return opened;
      }),
    explain: (process) => lanes.run("explain", () => quickRunner().ask({ kind: "explain", process })),
    draft: (lane, ask) => lanes.run(lane, () => quickRunner().ask({ kind: "draft", ...ask })),
    render: (process) => exact.render(process),
    cancel: () => exact.cancel(),
    setMarks(next) {
      marks = { kind: "marks", ...next };
      for (const runner of runners) runner.tell(marks);
    },
    dispose() {
      lanes.clear();
      exact.dispose();
      for (const runner of [...runners]) runner.end();
    },
  };
}

/** The worker for exact results and the one that follows it. A running wasm call cannot be stopped but with its worker. */
function createExact(start: () => Runner) {
  let current: Runner | undefined;
  let successor: Runner | undefined;
  let isBusy = false;
  let isOver = false;

  const alive = (runner: Runner | undefined) => (runner?.isAlive === true ? runner : undefined);
  const warm = (): Runner => {
    const runner = alive(current) ?? alive(successor) ?? start();
    if (runner === successor) successor = undefined;
    current = runner;
    return runner;
  };
  const cancel = () => {
    if (isBusy) current?.end();
    isBusy = false;
  };
  return {
    warm,
    cancel,
    async render(process: string): Promise<Made> {
      cancel();
      const runner = warm();
      isBusy = true;
      try {
        return await runner.ask({ kind: "render", process });
      } finally {
        if (runner === current) isBusy = false;
        // So that the next one need not wait for a worker to start
        if (!isOver) successor = alive(successor) ?? start();
      }
    },
    dispose() {
      isOver = true;
      cancel();
    },
  };
}

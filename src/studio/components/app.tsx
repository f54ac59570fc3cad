import { source } from "../state/store.ts";
import { Chain } from "./chain.tsx";
import { Code } from "./code.tsx";
import { Header } from "./header.tsx";
import { NoticeBar } from "./notice.tsx";
import { Output } from "./output.tsx";
import { Start } from "./start.tsx";
import { Stats } from "./stats.tsx";
import { Strip } from "./strip.tsx";
import { Viewer } from "./viewer.tsx";
import "./app.css";

/** The page: a stage with what belongs to the picture below it, and a panel with what is asked of it. */
export function App() {
  return (
    <div class="app">
      <Header />
      <main class="app-main">
        <div class="app-stage">
          {source.value === undefined ? <Start /> : <Viewer />}
          {source.value !== undefined && <Stats />}
        </div>
        <div class="app-panel">
          <Chain />
          <Output />
        </div>
        <div class="app-below">
          {source.value !== undefined && <Strip />}
          <Code />
        </div>
      </main>
      <NoticeBar />
    </div>
  );
}

// First of all: what a component says of itself is said over what holds for all
import "./styles/tokens.css";
import "./styles/base.css";
import { render } from "preact";
import { App } from "./components/app.tsx";
import { startSession } from "./engine/session.ts";
import { startPageState, startShell } from "./shell/start.ts";
import { locale } from "./state/store.ts";
import { loadText } from "./text/index.ts";

startShell();
await loadText(locale.value); // rather nothing than another language for a moment
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
startSession();
startPageState();

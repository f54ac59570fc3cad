import { render } from "preact";
import { App } from "./components/app.tsx";
import { startSession } from "./engine/session.ts";
import "./styles/tokens.css";
import "./styles/base.css";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
startSession();

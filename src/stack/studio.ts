/** The studio at the edge, below /studio: its page, and the little that the page asks of the stack. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type HttpHandler, parseTarget } from "./http.ts";
import type { ObjectFiles } from "./object-files.ts";
import { createStudioApi } from "./studio-api.ts";
import { createStudioPage } from "./studio-page.ts";

export interface StudioOptions {
  /** Folder of the built page, dist/studio. Where it is missing, /studio says so. */
  readonly dir: string;
  /** Has the same wasm/ and fonts/ as the page, which the npm package therefore leaves out of it: dist/fc. */
  readonly engineDir: string;
  /** Of the store. */
  readonly objects: ObjectFiles;
  readonly bucket: string;
}

// The whole folder is taken: an object whose key begins with "studio/" is reached at the access point, not at the edge
const IS_STUDIO = /^(?:https?:\/\/[^/?]*)?\/studio(?:[/?]|$)/i;

/** Answers everything below /studio; false for what is not there. The list of files is read once, here. */
export async function createStudio(
  options: StudioOptions,
): Promise<(request: IncomingMessage, response: ServerResponse) => Promise<boolean>> {
  const page = await createStudioPage(options.dir, options.engineDir);
  const api = createStudioApi(options.objects, options.bucket);
  const serve: HttpHandler = async (request, response) => {
    const { path, rawQuery } = parseTarget(request);
    if (path === "/studio") {
      // The page's own addresses are relative to its folder
      response.writeHead(308, { location: `/studio/${rawQuery === "" ? "" : `?${rawQuery}`}`, "content-length": 0 }).end();
      request.resume();
    } else if (path.startsWith("/studio/api/")) await api(path.slice("/studio/api/".length), request, response);
    else await page(path.slice("/studio/".length), request, response);
  };
  return async (request, response) => {
    if (!IS_STUDIO.test(request.url ?? "/")) return false;
    await serve(request, response);
    return true;
  };
}

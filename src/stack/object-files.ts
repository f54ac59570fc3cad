/** Objects as files of a folder: keys are relative paths, what a file cannot hold lies in a side file under `.opalens-meta/`. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, type Stats } from "node:fs";
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, extname, join, sep } from "node:path";
import { finished } from "node:stream/promises";
import { OssError } from "./http.ts";

export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  /** Quoted upper-case MD5, as OSS sends it. */
  readonly etag: string;
  readonly lastModified: Date;
  /** Stored headers, lower-case names; always has a content-type. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface OpenObject {
  readonly info: ObjectInfo;
  /** Whoever gets it closes it. The bytes stay those of `info` even when the object is replaced meanwhile. */
  readonly handle: FileHandle;
}

/** What the side file holds; believed only while `stamp` still fits the file. */
interface SideFile {
  readonly key: string;
  readonly stamp: string;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
}

const META_FOLDER = ".opalens-meta";
const MAX_KEY_BYTES = 1023; // OSS: object naming rules
const MAX_SEGMENT_BYTES = 255; // NAME_MAX of the usual file systems

// Only what a picture bucket holds; OSS itself stores whatever type the uploader named.
// biome-ignore format: a table
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".apng": "image/apng", ".webp": "image/webp",
  ".avif": "image/avif", ".gif": "image/gif", ".bmp": "image/bmp", ".tif": "image/tiff", ".tiff": "image/tiff",
  ".heic": "image/heic", ".heif": "image/heif", ".jxl": "image/jxl", ".jp2": "image/jp2", ".ico": "image/x-icon",
  ".svg": "image/svg+xml", ".qoi": "image/qoi", ".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime",
  ".txt": "text/plain", ".md": "text/markdown", ".html": "text/html", ".css": "text/css", ".js": "application/javascript",
  ".json": "application/json", ".xml": "application/xml", ".pdf": "application/pdf",
};

/** Owns nothing but the path; any number may look at one folder. */
export class ObjectFiles {
  readonly root: string;
  /** ETags of files nobody put through us, by path; a new stamp makes the old one void. */
  private readonly etags = new Map<string, { stamp: string; etag: string }>();
  /** One rename-and-side-file at a time: two puts of a key must not mix their bytes and headers. */
  private commits: Promise<unknown> = Promise.resolve();
  private temporaryCount = 0;

  constructor(root: string) {
    this.root = root;
  }

  /** Makes the folder if need be. Symbolic links in `root` itself are resolved once, here. */
  static async create(root: string): Promise<ObjectFiles> {
    await mkdir(root, { recursive: true });
    return new ObjectFiles(await realpath(root));
  }

  /** Undefined when there is no such object, also for keys that no file can have. */
  async open(key: string): Promise<OpenObject | undefined> {
    const path = await this.existingPath(key);
    const handle = path === undefined ? undefined : await open(path, "r").catch(absent);
    if (path === undefined || handle === undefined) return undefined;
    try {
      const stats = await handle.stat();
      if (stats.isFile()) return { handle, info: await this.describe(key, path, handle, stats) };
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
    await handle.close();
    return undefined;
  }

  async info(key: string): Promise<ObjectInfo | undefined> {
    const object = await this.open(key);
    await object?.handle.close();
    return object?.info;
  }

  /** Bytes of an object, none of which are read for it; undefined where `open` is. */
  async size(key: string): Promise<number | undefined> {
    const path = await this.existingPath(key);
    const stats = path === undefined ? undefined : await stat(path).catch(absent);
    return stats?.isFile() === true ? stats.size : undefined;
  }

  /**
   * Stores the bytes whole or not at all and gives their ETag. `contentMd5`: base64, checked when given.
   * Throws OssError InvalidObjectName (400), InvalidDigest (400), FileAlreadyExists (409: the name is a folder here).
   */
  async put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    headers: Readonly<Record<string, string>>,
    contentMd5?: string,
  ): Promise<string> {
    const path = this.pathOf(key);
    if (path === undefined) throw new OssError(400, "InvalidObjectName", "The specified object is not valid.");
    const temporary = await this.temporaryPath();
    try {
      const md5 = await writeHashed(temporary, body);
      if (contentMd5 !== undefined && contentMd5 !== md5.toString("base64")) {
        throw new OssError(400, "InvalidDigest", "The Content-MD5 you specified is not valid.");
      }
      const etag = `"${md5.toString("hex").toUpperCase()}"`;
      await this.serialize(() => this.commit(key, path, temporary, etag, headers));
      return etag;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Removing what is not there is a success, as on OSS. */
  async remove(key: string): Promise<void> {
    const path = await this.existingPath(key);
    if (path === undefined) return;
    await this.serialize(async () => {
      await rm(path, { force: true }).catch(absent);
      await rm(this.sidePath(key), { force: true });
      // Folders exist for their objects only: the empty ones go too.
      for (let folder = dirname(path); folder.length > this.root.length; folder = dirname(folder)) {
        const removed = await rmdir(folder).then(
          () => true,
          () => false,
        );
        if (!removed) break;
      }
    });
  }

  /** All keys with the prefix, in the order of their UTF-8 bytes. Symbolic links are not listed. */
  async keys(prefix = ""): Promise<string[]> {
    const found: string[] = [];
    const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    if (folder !== "" && this.pathOf(`${folder}x`) === undefined) return found;
    await this.collect(folder, prefix, found);
    return found
      .map((key) => ({ key, bytes: Buffer.from(key) }))
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
      .map(({ key }) => key);
  }

  private async collect(folder: string, prefix: string, found: string[]): Promise<void> {
    const entries = (await readdir(join(this.root, folder), { withFileTypes: true }).catch(absent)) ?? [];
    for (const entry of entries) {
      const key = folder + entry.name;
      if (key === META_FOLDER) continue;
      if (entry.isFile() && key.startsWith(prefix)) found.push(key);
      if (entry.isDirectory() && (key.startsWith(prefix) || prefix.startsWith(`${key}/`))) {
        await this.collect(`${key}/`, prefix, found);
      }
    }
  }

  private async commit(
    key: string,
    path: string,
    temporary: string,
    etag: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    try {
      await this.refuseLinksOut(dirname(path));
      await mkdir(dirname(path), { recursive: true });
      await rename(temporary, path);
    } catch (thrown) {
      if (thrown instanceof OssError) throw thrown;
      // OSS has no folders: "a" and "a/b" may both exist there, but not as files
      throw new OssError(409, "FileAlreadyExists", "The object or one of its parents is a folder or file in this store.");
    }
    const handle = await open(path, "r");
    const stamp = stampOf(await handle.stat());
    await handle.close();
    const side: SideFile = { key, stamp, etag, headers };
    const sideTemporary = await this.temporaryPath();
    await writeFile(sideTemporary, JSON.stringify(side));
    await rename(sideTemporary, this.sidePath(key));
  }

  /** A link in the folder may lead anywhere; nothing is written beyond it. */
  private async refuseLinksOut(folder: string): Promise<void> {
    let real = await realpath(folder).catch(absent);
    for (let parent = dirname(folder); real === undefined; parent = dirname(parent))
      real = await realpath(parent).catch(absent);
    if (real !== this.root && !real.startsWith(this.root + sep))
      throw new OssError(403, "AccessDenied", "The key leads out of the bucket.");
  }

  /** Makes the folders of our own files with the first write, so that a folder that is only read stays as it was. */
  private async temporaryPath(): Promise<string> {
    for (const folder of ["tmp", "objects"]) await mkdir(join(this.root, META_FOLDER, folder), { recursive: true });
    return join(this.root, META_FOLDER, "tmp", `${process.pid}-${Date.now()}-${this.temporaryCount++}`);
  }

  private async describe(key: string, path: string, handle: FileHandle, stats: Stats): Promise<ObjectInfo> {
    const stamp = stampOf(stats);
    const side = await this.readSide(key);
    const known = side?.stamp === stamp ? side : undefined;
    const headers = known?.headers ?? {};
    return {
      key,
      size: stats.size,
      etag: known?.etag ?? (await this.etagOf(path, handle, stamp)),
      lastModified: stats.mtime,
      headers: { "content-type": contentTypeOf(key), ...headers },
    };
  }

  private async etagOf(path: string, handle: FileHandle, stamp: string): Promise<string> {
    const known = this.etags.get(path);
    if (known?.stamp === stamp) return known.etag;
    const hash = createHash("md5");
    for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Buffer);
    const etag = `"${hash.digest("hex").toUpperCase()}"`;
    this.etags.set(path, { stamp, etag });
    return etag;
  }

  private async readSide(key: string): Promise<SideFile | undefined> {
    const text = await readFile(this.sidePath(key), "utf8").catch(absent);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as SideFile;
    } catch {
      return undefined; // somebody edited it: the file itself still says enough
    }
  }

  private sidePath(key: string): string {
    // Hashed: a key plus ".json" could be a longer name than file systems take
    return join(this.root, META_FOLDER, "objects", `${createHash("sha256").update(key).digest("hex")}.json`);
  }

  /** Path of an object that exists and lies, links followed, inside the root. */
  private async existingPath(key: string): Promise<string | undefined> {
    const path = this.pathOf(key);
    const real = path === undefined ? undefined : await realpath(path).catch(absent);
    return real?.startsWith(this.root + sep) === true ? path : undefined;
  }

  /** Undefined for keys that no file can have: empty or dot segments, our own folder, NUL, too long. */
  private pathOf(key: string): string | undefined {
    const segments = key.split("/");
    const isBad = (segment: string) =>
      segment === "" || segment === "." || segment === ".." || Buffer.byteLength(segment) > MAX_SEGMENT_BYTES;
    if (Buffer.byteLength(key) > MAX_KEY_BYTES || key.includes("\0") || segments.some(isBad)) return undefined;
    // On Windows "\" and ":" would be structure; lower case because some file systems fold it
    if (segments[0]?.toLowerCase() === META_FOLDER || (sep === "\\" && /[\\:]/.test(key))) return undefined;
    return join(this.root, ...segments);
  }

  private serialize<T>(work: () => Promise<T>): Promise<T> {
    const result = this.commits.then(work);
    this.commits = result.catch(() => undefined);
    return result;
  }
}

/** By extension; OSS does the same for uploads that name no type. */
export function contentTypeOf(key: string): string {
  return CONTENT_TYPES[extname(key).toLowerCase()] ?? "application/octet-stream";
}

async function writeHashed(path: string, body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const hash = createHash("md5");
  const file = createWriteStream(path, { flags: "wx" });
  const done = finished(file);
  done.catch(() => undefined); // awaited below unless the body fails first
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      if (!file.write(chunk)) await Promise.race([once(file, "drain"), done]);
    }
    file.end();
    await done;
  } finally {
    file.destroy();
  }
  return hash.digest();
}

/** Changes with every replacement (inode) and every edit (time, size). */
function stampOf(stats: Stats): string {
  return `${stats.ino}-${stats.size}-${stats.mtimeMs}`;
}

/** For `.catch`: "not there" is an answer, everything else stays an error. */
function absent(thrown: NodeJS.ErrnoException): undefined {
  if (["ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "ELOOP", "ERR_FS_EISDIR"].includes(thrown.code ?? "")) return undefined;
  throw thrown;
}

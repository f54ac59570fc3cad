/** ListObjects and ListObjectsV2, DeleteMultipleObjects: the XML that ali-oss reads and writes. */
import { encodeName, escapeXml, OssError, type Query, queryValue } from "./http.ts";
import type { ObjectFiles, ObjectInfo } from "./object-files.ts";

interface Page {
  readonly objects: readonly ObjectInfo[];
  readonly prefixes: readonly string[];
  /** Name to go on after; undefined on the last page. */
  readonly next: string | undefined;
}

const DEFAULT_MAX_KEYS = 100; // OSS help page 0012-00000102: default 100, at most 1000
const MAX_KEYS = 1000; // also of one DeleteMultipleObjects: OSS help page 0016-00000609
const OWNER = "<Owner><ID>local</ID><DisplayName>local</DisplayName></Owner>";

/** Answers `GET /?prefix=…` and `GET /?list-type=2&…` with their XML. */
export async function listObjects(files: ObjectFiles, bucket: string, query: Query): Promise<string> {
  const value = (name: string) => queryValue(query, name) ?? "";
  const isV2 = value("list-type") === "2";
  const maxKeys = parseMaxKeys(queryValue(query, "max-keys"));
  const token = value("continuation-token");
  const after = isV2 ? (token === "" ? value("start-after") : decodeToken(token)) : value("marker");
  const page = await readPage(files, value("prefix"), value("delimiter"), after, maxKeys);
  const encode = value("encoding-type") === "url" ? encodeName : (text: string) => escapeXml(text);
  const withOwner = !isV2 || value("fetch-owner") === "true";
  const element = (name: string, text: string) => `<${name}>${text}</${name}>`;
  const paging = isV2
    ? [
        element("StartAfter", encode(value("start-after"))),
        ...(token === "" ? [] : [element("ContinuationToken", escapeXml(token))]),
        element("KeyCount", String(page.objects.length + page.prefixes.length)),
        ...(page.next === undefined ? [] : [element("NextContinuationToken", encodeToken(page.next))]),
      ]
    : [
        element("Marker", encode(value("marker"))),
        ...(page.next === undefined ? [] : [element("NextMarker", encode(page.next))]),
      ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult>',
    element("Name", bucket),
    element("Prefix", encode(value("prefix"))),
    element("MaxKeys", String(maxKeys)),
    element("Delimiter", encode(value("delimiter"))),
    ...(value("encoding-type") === "url" ? [element("EncodingType", "url")] : []),
    element("IsTruncated", String(page.next !== undefined)),
    ...paging,
    ...page.objects.map((object) => printObject(object, encode, withOwner)),
    ...page.prefixes.map((prefix) => element("CommonPrefixes", element("Prefix", encode(prefix)))),
    "</ListBucketResult>\n",
  ].join("");
}

async function readPage(files: ObjectFiles, prefix: string, delimiter: string, after: string, maxKeys: number): Promise<Page> {
  const objects: ObjectInfo[] = [];
  const prefixes = new Set<string>();
  let last = "";
  for (const key of await files.keys(prefix)) {
    if (after !== "" && Buffer.compare(Buffer.from(key), Buffer.from(after)) <= 0) continue;
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const common = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
    // A marker that is itself a common prefix was the last row of the page before: its keys are not listed again.
    if (common !== undefined && (common === after || prefixes.has(common))) continue;
    if (objects.length + prefixes.size === maxKeys) return { objects, prefixes: [...prefixes], next: last };
    if (common !== undefined) prefixes.add(common);
    else {
      const info = await files.info(key);
      if (info === undefined) continue; // deleted since the walk
      objects.push(info);
    }
    last = common ?? key;
  }
  return { objects, prefixes: [...prefixes], next: undefined };
}

function printObject(object: ObjectInfo, encode: (text: string) => string, withOwner: boolean): string {
  return [
    `<Contents><Key>${encode(object.key)}</Key>`,
    `<LastModified>${object.lastModified.toISOString()}</LastModified>`,
    `<ETag>${escapeXml(object.etag)}</ETag><Type>Normal</Type><Size>${object.size}</Size>`,
    `<StorageClass>Standard</StorageClass>${withOwner ? OWNER : ""}</Contents>`,
  ].join("");
}

function parseMaxKeys(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_MAX_KEYS;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MAX_KEYS) {
    throw new OssError(400, "InvalidArgument", `Argument max-keys must be an integer between 1 and ${MAX_KEYS}.`);
  }
  return count;
}

function encodeToken(name: string): string {
  return Buffer.from(name).toString("base64");
}

function decodeToken(token: string): string {
  return Buffer.from(token, "base64").toString();
}

/** Keys of a `POST /?delete` body. */
export function parseDeleteRequest(xml: string): { keys: string[]; quiet: boolean } {
  const keys = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => unescapeXml(match[1] ?? ""));
  if (keys.length === 0 || keys.length > MAX_KEYS)
    throw new OssError(400, "MalformedXML", "The XML you provided was not well-formed.");
  return { keys, quiet: /<Quiet>\s*true\s*<\/Quiet>/.test(xml) };
}

export function printDeleteResult(keys: readonly string[]): string {
  const deleted = keys.map((key) => `<Deleted><Key>${escapeXml(key)}</Key></Deleted>`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult>${deleted}</DeleteResult>\n`;
}

const XML_NAMES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return XML_NAMES[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

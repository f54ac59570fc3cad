import type { ErrorCode, TransformError } from "../core/errors.ts";

/** The only place that knows statuses. 413, 415 and 504 cannot be forwarded by an access point, so 400 and 503 stand for them. */
const STATUSES = {
  BAD_ARGUMENT: 400,
  NOT_SUPPORTED: 400,
  SOURCE_NOT_FOUND: 404,
  STYLE_NOT_FOUND: 404,
  ACCESS_DENIED: 403,
  SOURCE_TOO_LARGE: 400,
  UNSUPPORTED_FORMAT: 400,
  CORRUPT_IMAGE: 400,
  OUTPUT_TOO_LARGE: 400,
  WATERMARK_FAILED: 400,
  UPSTREAM_FAILED: 503,
  TIMEOUT: 503,
  INTERNAL: 500,
} satisfies Record<ErrorCode, number>;

/** OSS's names for the same (OSS IMG reference, section 4.2). */
const OSS_CODES = {
  BAD_ARGUMENT: "InvalidArgument",
  NOT_SUPPORTED: "NotImplemented",
  SOURCE_NOT_FOUND: "NoSuchKey",
  STYLE_NOT_FOUND: "NoSuchStyle",
  ACCESS_DENIED: "AccessDenied",
  SOURCE_TOO_LARGE: "ImageTooLarge",
  UNSUPPORTED_FORMAT: "BadRequest",
  CORRUPT_IMAGE: "BadRequest",
  OUTPUT_TOO_LARGE: "ImageTooLarge",
  WATERMARK_FAILED: "WatermarkError",
  UPSTREAM_FAILED: "ServiceUnavailable",
  TIMEOUT: "ServiceUnavailable",
  INTERNAL: "InternalError",
} satisfies Record<ErrorCode, string>;

export function statusOf(code: ErrorCode): number {
  return STATUSES[code];
}

/** Code and Message as OSS would give them. */
export function ossError(error: TransformError): { readonly code: string; readonly message: string } {
  const { code, fault } = error;
  if (code !== "BAD_ARGUMENT" || fault === undefined) return { code: OSS_CODES[code], message: error.message };
  switch (fault.kind) {
    case "base64":
      return { code: "BadRequest", message: "Input is not base64 decoding." };
    case "outside":
      return { code: "BadRequest", message: "Advance cut's position is out of image." };
    case "missing":
      return { code: "MissingArgument", message: `${fault.operation}: expected ${fault.expected}` };
    default:
      return { code: "InvalidArgument", message: ossSentence(error) };
  }
}

/** `The value: abc of parameter: w is invalid.`, with the reason behind it. A bare value is a parameter of its operation's name. */
function ossSentence({ fault, message }: TransformError): string {
  if (fault?.value === undefined) return message;
  const parameter = fault.parameter ?? fault.operation;
  const reason = fault.kind === "digits" ? "Value must be digit" : `expected ${fault.expected}`;
  return `The value: ${fault.value.slice(0, 100)} of parameter: ${parameter} is invalid. reason:${reason}`;
}

/** Error body in OSS's form (OSS IMG reference, section 4.1). EC numbers are left out: they are documented as unstable. */
export function errorXml(error: TransformError, requestId: string, hostId: string): string {
  const { code, message } = ossError(error);
  const lines = [
    ["Code", code],
    ["Message", message],
    ["RequestId", requestId],
    ["HostId", hostId],
  ].map(([name, text]) => `  <${name}>${escapeXml(text as string)}</${name}>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n${lines.join("\n")}\n</Error>\n`;
}

/** Also drops what XML 1.0 section 2.2 does not allow, because keys and values are the client's. */
function escapeXml(text: string): string {
  const allowed = text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");
  return allowed.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

import { expect, test } from "vitest";
import { forwardStatus, WRITE_BACK_QUERY, writeBackHeaders } from "../../src/oss/respond.ts";

/** Access-point reference, section 3: the complete lists. */
const STATUSES = [200, 206, 301, 302, 303, 304, 400, 401, 403, 404, 405, 409, 411, 412, 416, 500, 503];
const HEADERS =
  "Accept-Ranges, Cache-Control, Content-Disposition, Content-Encoding, Content-Language, Content-Range, Content-Type, ETag, Expires, Last-Modified".split(
    ", ",
  );
const INVOCATION = { route: "r.oss-object-process.aliyuncs.com", token: "OSSV1#t" };

test("respond: documented statuses go out as they are, and every other as one of them", () => {
  for (let status = 200; status < 600; status++) {
    if (STATUSES.includes(status)) expect(forwardStatus(status)).toBe(status);
    expect(STATUSES).toContain(forwardStatus(status));
  }
});

// biome-ignore format: one row per case
test.each([
  [204, 200], [307, 400], [308, 400], [406, 400], [413, 400], [415, 400], [422, 400], [429, 503], [501, 503], [502, 503], [504, 503],
])("respond: %i becomes %i", (status, forwarded) => {
  expect(forwardStatus(status)).toBe(forwarded);
});

test("respond: route, token, status and only the ten headers, whatever their spelling", () => {
  const headers: Record<string, string> = {
    Vary: "Accept",
    Location: "/x",
    "Retry-After": "1",
    "x-oss-meta-a": "1",
    "Content-Length": "9",
    "Set-Cookie": "a",
  };
  for (const name of HEADERS) headers[name.toLowerCase()] = `value of ${name}`;
  expect(writeBackHeaders(INVOCATION, 200, headers)).toEqual({
    "x-oss-request-route": INVOCATION.route,
    "x-oss-request-token": INVOCATION.token,
    "x-oss-fwd-status": "200",
    "Content-Type": "application/octet-stream",
    ...Object.fromEntries(HEADERS.map((name) => [`x-oss-fwd-header-${name}`, `value of ${name}`])),
  });
});

test("respond: line breaks of a stored header do not begin another one", () => {
  const sent = writeBackHeaders(INVOCATION, 422, { "content-disposition": 'inline\r\nx-oss-fwd-status: 200\n\r"' });
  expect(sent["x-oss-fwd-header-Content-Disposition"]).toBe('inline x-oss-fwd-status: 200 "');
  expect(sent["x-oss-fwd-status"]).toBe("400");
});

test("respond: the operation", () => {
  expect(WRITE_BACK_QUERY).toBe("x-oss-write-get-object-response");
});

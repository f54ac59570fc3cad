import { expect, test } from "vitest";
import { cacheControl, conditionalStatus } from "../../src/http/caching.ts";

const ETAG = '"5B3C1A2E053D763E1B002CC607C5A0FE"';
const MODIFIED = "Wed, 21 Oct 2015 07:28:00 GMT";
const EARLIER = "Wed, 21 Oct 2015 07:27:59 GMT";
const LATER = "Wed, 21 Oct 2015 07:28:01 GMT";
const BOTH = { etag: ETAG, lastModified: MODIFIED };

// biome-ignore format: one row per case
test.each<[string, Record<string, string>, object, 304 | 412 | undefined]>([
  ["no condition",                            {},                                                          BOTH, undefined],
  ["If-None-Match of the same",               { "if-none-match": ETAG },                                   BOTH, 304],
  ["… weak",                                  { "if-none-match": `W/${ETAG}` },                            BOTH, 304],
  ["… in a list",                             { "if-none-match": `"a", ${ETAG},"b"` },                     BOTH, 304],
  ["… of anything",                           { "if-none-match": " * " },                                  BOTH, 304],
  ["… of another",                            { "if-none-match": '"a"' },                                  BOTH, undefined],
  ["… of a part",                             { "if-none-match": ETAG.slice(0, -2) },                      BOTH, undefined],
  ["… without an ETag to compare",            { "if-none-match": ETAG },                                   {},   undefined],
  ["… of another wins over a date",           { "if-none-match": '"a"', "if-modified-since": LATER },      BOTH, undefined],
  ["… of the same wins over a date",          { "if-none-match": ETAG, "if-modified-since": EARLIER },     BOTH, 304],
  ["If-Modified-Since the very time",         { "if-modified-since": MODIFIED },                           BOTH, 304],
  ["… later",                                 { "if-modified-since": LATER },                              BOTH, 304],
  ["… earlier",                               { "if-modified-since": EARLIER },                            BOTH, undefined],
  ["… no date",                               { "if-modified-since": "yesterday-ish" },                    BOTH, undefined],
  ["… where nothing is known",                { "if-modified-since": LATER },                              {},   undefined],
  ["… where Last-Modified is no date",        { "if-modified-since": LATER },           { lastModified: "?" }, undefined],
  ["If-Match of the same",                    { "if-match": ETAG },                                        BOTH, undefined],
  ["… in a list",                             { "if-match": `"a", ${ETAG}` },                              BOTH, undefined],
  ["… of anything",                           { "if-match": "*" },                                         BOTH, undefined],
  ["… weak never matches",                    { "if-match": `W/${ETAG}` },                                 BOTH, 412],
  ["… of another",                            { "if-match": '"a"' },                                       BOTH, 412],
  ["… of another wins over a date",           { "if-match": '"a"', "if-unmodified-since": LATER },         BOTH, 412],
  ["… of the same wins over a date",          { "if-match": ETAG, "if-unmodified-since": EARLIER },        BOTH, undefined],
  ["If-Unmodified-Since later",               { "if-unmodified-since": LATER },                            BOTH, undefined],
  ["… the very time",                         { "if-unmodified-since": MODIFIED },                         BOTH, undefined],
  ["… earlier",                               { "if-unmodified-since": EARLIER },                          BOTH, 412],
  ["… no date",                               { "if-unmodified-since": "soon" },                           BOTH, undefined],
  ["412 comes before 304",                    { "if-match": '"a"', "if-none-match": ETAG },                BOTH, 412],
  ["both fulfilled",                          { "if-match": ETAG, "if-none-match": ETAG },                 BOTH, 304],
])("conditions: %s", (_name, headers, validators, status) => {
  expect(conditionalStatus(headers, validators)).toBe(status);
});

// biome-ignore format: one row per case
test.each([
  ["configured wins",   "max-age=5", "max-age=6", "max-age=5"],
  ["the original's",    undefined,   "no-cache",  "no-cache"],
  ["a day",             undefined,   undefined,   "public, max-age=86400"],
] as const)("cache control: %s", (_name, configured, original, expected) => {
  expect(cacheControl(configured, original)).toBe(expected);
});
